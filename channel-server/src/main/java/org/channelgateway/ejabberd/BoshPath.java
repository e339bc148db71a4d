package org.channelgateway.ejabberd;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /http-bind/NODE/EXPIRY/MAC} says; {@link BoshPaths} tells whether it is true.
 *
 * @param node the name of the node that has the session
 * @param expiry the end of its lease, in epoch seconds
 * @param mac in base64url
 */
record BoshPath(String node, long expiry, String mac) {
    private static final int SEGMENTS = 3;
    /** As many digits as any year of a calendar takes: longer ones are no expiry. */
    private static final int MAX_DIGITS = 12;

    /** Null when it has another shape. */
    static @Nullable BoshPath parse(String rawPath) {
        if (!rawPath.startsWith(BoshPaths.PREFIX)) {
            return null;
        }
        List<String> segments =
                List.of(rawPath.substring(BoshPaths.PREFIX.length()).split("/", -1));
        if (segments.size() != SEGMENTS) {
            return null;
        }
        long expiry = number(segments.get(1));
        return expiry < 0 ? null : new BoshPath(segments.get(0), expiry, segments.get(2));
    }

    /** As {@link BoshPaths} writes it, and in no other way; -1 for what is none. */
    private static long number(String text) {
        boolean isNumber = !text.isEmpty()
                && text.length() <= MAX_DIGITS
                && (text.length() == 1 || text.charAt(0) != '0')
                && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        return isNumber ? Long.parseLong(text) : -1;
    }
}
