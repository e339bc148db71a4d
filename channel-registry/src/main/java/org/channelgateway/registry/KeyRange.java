package org.channelgateway.registry;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The stored keys from {@code from} to before {@code end}; a prefix of the text is a prefix of the bytes. */
@SuppressWarnings("ArrayRecordComponent") // lives for one query, is never compared
record KeyRange(byte[] from, byte[] end) {
    private static final byte[] ABOVE_ALL = {(byte) 0xFF}; // no UTF-8 text contains this byte

    static KeyRange of(String prefix, @Nullable ChannelKey after) {
        byte[] first = ChannelKey.encode("prefix", prefix);
        byte[] end = first.length == 0 ? ABOVE_ALL : next(first);
        if (after == null) {
            return new KeyRange(first, end);
        }
        byte[] successor = Arrays.copyOf(after.bytes(), after.length() + 1); // nothing lies between k and k + 00
        return new KeyRange(Arrays.compareUnsigned(successor, first) > 0 ? successor : first, end);
    }

    /** The smallest text above all that begin with {@code prefix}: its last byte, never FF in UTF-8, plus one. */
    private static byte[] next(byte[] prefix) {
        byte[] end = prefix.clone();
        end[end.length - 1]++;
        return end;
    }
}
