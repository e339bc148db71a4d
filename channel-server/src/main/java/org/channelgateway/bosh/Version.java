package org.channelgateway.bosh;

import org.jspecify.annotations.Nullable;

/** A version of BOSH; the minor number counts on past 9 (XEP-0124 §7.1). */
public record Version(int major, int minor) {
    /** The highest that is spoken here. */
    static final Version OURS = new Version(1, 11);

    private static final int MAX_DIGITS = 4;

    /** Null when the text is not a version. */
    static @Nullable Version parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0 || !isNumber(text.substring(0, dot)) || !isNumber(text.substring(dot + 1))) {
            return null;
        }
        return new Version(Integer.parseInt(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The lower of the two (XEP-0124 §7.2). */
    Version atMost(Version other) {
        boolean lower = major == other.major ? minor < other.minor : major < other.major;
        return lower ? this : other;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
