package org.channelgateway.ejabberd;

import java.util.Arrays;

/**
 * ejabberd reads an escaped CR and writes a bare one, which every reader of XML turns into LF (XML 1.0 §2.11). In what it sends each CR
 * was meant: it has no lines.
 */
final class CarriageReturns {
    private static final byte CR = '\r';
    private static final byte[] ESCAPED = {'&', '#', '1', '3', ';'};

    private CarriageReturns() {}

    /** The first {@code length} of {@code bytes} with each CR escaped; the same array when it has none and is that long. */
    static byte[] escaped(byte[] bytes, int length) {
        int count = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == CR) {
                count++;
            }
        }
        if (count == 0) {
            return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        }
        byte[] escaped = new byte[length + count * (ESCAPED.length - 1)];
        int at = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == CR) {
                System.arraycopy(ESCAPED, 0, escaped, at, ESCAPED.length);
                at += ESCAPED.length;
            } else {
                escaped[at++] = bytes[i];
            }
        }
        return escaped;
    }
}
