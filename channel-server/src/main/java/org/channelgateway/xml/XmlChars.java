package org.channelgateway.xml;

/** The characters of XML 1.0 §2.2 and those of its names, §2.3. */
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

    /** True when a local name may begin with this character: {@code NameStartChar} without the colon. */
    static boolean isNameStart(int c) {
        if (c < 0x80) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        }
        boolean latin = c >= 0xC0 && c <= 0x2FF && c != 0xD7 && c != 0xF7;
        boolean letters = (c >= 0x370 && c <= 0x1FFF && c != 0x37E) || c == 0x200C || c == 0x200D;
        boolean symbols = (c >= 0x2070 && c <= 0x218F) || (c >= 0x2C00 && c <= 0x2FEF) || (c >= 0x3001 && c <= 0xD7FF);
        return latin || letters || symbols || isLateNameStart(c);
    }

    private static boolean isLateNameStart(int c) {
        return (c >= 0xF900 && c <= 0xFDCF) || (c >= 0xFDF0 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0xEFFFF);
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
