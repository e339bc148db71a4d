package org.channelgateway.xml;

/** The characters of XML 1.0 §2.2. */
public final class XmlChars {
    private XmlChars() {}

    /** The index of the first UTF-16 unit that no XML document can carry, or -1. */
    public static int firstIllegal(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean plain = (c >= 0x20 && c < Character.MIN_SURROGATE) || c == '\t' || c == '\n' || c == '\r';
            if (!plain && !isPrivateOrLater(c) && !isPaired(text, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isPrivateOrLater(char c) {
        return c > Character.MAX_SURROGATE && c <= 0xFFFD;
    }

    private static boolean isPaired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : Character.isLowSurrogate(text.charAt(i)) && i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
