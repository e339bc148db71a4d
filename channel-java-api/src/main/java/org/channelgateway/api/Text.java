package org.channelgateway.api;

/** What XML makes of text. */
final class Text {
    private static final int EXCERPT = 32;

    private Text() {}

    /** The index of the first UTF-16 unit that no XML document can carry (XML 1.0 §2.2), or -1. */
    static int firstIllegal(String text) {
        for (int i = 0; i < text.length(); i++) {
            int c = text.codePointAt(i);
            if (Character.isSupplementaryCodePoint(c)) {
                i++;
            } else if (!isXmlChar(c)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isXmlChar(int c) {
        return (c >= ' ' && c < Character.MIN_SURROGATE)
                || c == '\t'
                || c == '\n'
                || c == '\r'
                || (c > Character.MAX_SURROGATE && c <= 0xFFFD);
    }

    /** The bytes of text without illegal characters in UTF-8. */
    static int utf8Length(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    /** The first characters, quoted; what is not printable ASCII is escaped. */
    static String excerpt(String text) {
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

    /** Character data that a parser reads as {@code text}, carriage returns included (XML 1.0 §2.11). */
    static String escaped(String text) {
        return escape(text, false);
    }

    /** An attribute's value between apostrophes that a parser reads as {@code text}, white space included (XML 1.0 §3.3.3). */
    static String escapedAttribute(String text) {
        return escape(text, true);
    }

    private static String escape(String text, boolean attribute) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '\r' -> out.append("&#13;");
                case '\'' -> out.append(attribute ? "&#39;" : "'");
                case '\n' -> out.append(attribute ? "&#10;" : "\n");
                case '\t' -> out.append(attribute ? "&#9;" : "\t");
                default -> out.append(c);
            }
        }
        return out.toString();
    }
}
