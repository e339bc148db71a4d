package org.channelgateway.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent-decoding of one path segment or query value (RFC 3986 §2.1); {@code +} stands for itself. */
public final class PercentDecoder {
    private static final char REPLACEMENT = '\uFFFD';

    private PercentDecoder() {}

    public static String decode(String name, String raw) {
        if (raw.indexOf(REPLACEMENT)
                >= 0) { // which Jetty puts where a byte is not UTF-8; as a character it comes encoded
            throw new ProblemException(400, name + ": not valid UTF-8 (expected: UTF-8)");
        }
        if (raw.indexOf('%') < 0) {
            return Call.utf8(name, raw.getBytes(StandardCharsets.UTF_8));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            int c = raw.codePointAt(i);
            if (c == '%') {
                boolean whole = i + 2 < raw.length();
                int high = whole ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = whole ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw new ProblemException(400, name + ": bad percent-encoding (expected: %XX, UTF-8)");
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(c) - 1;
            }
        }
        return Call.utf8(name, bytes.toByteArray());
    }
}
