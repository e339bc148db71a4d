package org.channelgateway.registry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The key of a channel: 1 to 256 bytes of UTF-8, ordered by its unsigned bytes. Immutable. */
public final class ChannelKey implements Comparable<ChannelKey> {
    /** Most bytes of a key in UTF-8. */
    public static final int MAX_BYTES = 256;

    private static final int EXCERPT = 32;

    private final byte[] utf8;

    private ChannelKey(byte[] utf8) {
        this.utf8 = utf8;
    }

    /**
     * The key of this text.
     *
     * @throws IllegalArgumentException unless it is 1 to 256 bytes in UTF-8, of characters that XML 1.0 allows
     */
    public static ChannelKey of(String text) {
        if (text.isEmpty()) {
            throw refused("key", text, "1.." + MAX_BYTES + " bytes in UTF-8");
        }
        return new ChannelKey(encode("key", text));
    }

    /** A key as it was stored. */
    static ChannelKey ofStored(byte[] utf8) {
        return new ChannelKey(utf8);
    }

    /** The UTF-8 of a key or of the beginning of one, checked like a key but for being empty. */
    static byte[] encode(String name, String text) {
        if (text.length() > MAX_BYTES) { // a char is at least one byte
            throw refused(name, text, "at most " + MAX_BYTES + " bytes in UTF-8");
        }
        if (!text.codePoints().allMatch(ChannelKey::isXmlChar)) {
            throw refused(name, text, "characters that XML 1.0 allows");
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > MAX_BYTES) {
            throw refused(name, text, "at most " + MAX_BYTES + " bytes in UTF-8");
        }
        return utf8;
    }

    /** XML 1.0 §2.2, production Char; a lone surrogate is none. */
    private static boolean isXmlChar(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || (c >= ' ' && c <= 0xD7FF)
                || (c >= 0xE000 && c <= 0xFFFD)
                || c >= 0x10000;
    }

    private static IllegalArgumentException refused(String name, String text, String expected) {
        return new IllegalArgumentException(name + ": " + excerpt(text) + " (expected: " + expected + ")");
    }

    /** The first characters, quoted; what is not printable ASCII is escaped. */
    private static String excerpt(String text) {
        StringBuilder out = new StringBuilder("'");
        text.chars().limit(EXCERPT).forEach(c -> {
            if (c < ' ' || c > '~' || c == '\'' || c == '\\') {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.append(text.length() > EXCERPT ? "…'" : "'").toString();
    }

    public String text() {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** A copy of the bytes in UTF-8. */
    public byte[] bytes() {
        return utf8.clone();
    }

    /** The number of bytes in UTF-8. */
    public int length() {
        return utf8.length;
    }

    @Override
    public int compareTo(ChannelKey other) {
        return Arrays.compareUnsigned(utf8, other.utf8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelKey key && Arrays.equals(utf8, key.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    @Override
    public String toString() {
        return text();
    }
}
