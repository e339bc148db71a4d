package org.channelgateway.bosh;

import org.jspecify.annotations.Nullable;

/** A BOSH request id; at most 2^53-1, so that a browser can count it exactly (XEP-0124 §14.1). */
public record Rid(long value) {
    /** The greatest. */
    public static final long MAX = 9_007_199_254_740_991L;

    public Rid {
        if (value < 1 || value > MAX) {
            throw new IllegalArgumentException("rid: " + value + " (expected: 1.." + MAX + ")");
        }
    }

    /** Null when the text is not a decimal number within the range. */
    static @Nullable Rid parse(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > 16) {
            return null;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return null;
            }
        }
        long value = Long.parseLong(text);
        return value < 1 || value > MAX ? null : new Rid(value);
    }
}
