package org.channelgateway.stream;

/**
 * Upper and lower case as the addresses here have it: of {@code a} to {@code z} only. For Java {@code ſ} is an {@code s}, too, and the
 * sign of kelvin a {@code k}: one who asks for such a name asks for another.
 */
public final class AsciiCase {
    private AsciiCase() {}

    /** {@code text} with a to z for A to Z. */
    public static String lower(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUpper(text.charAt(i))) {
                return lowerFrom(text, i);
            }
        }
        return text;
    }

    private static String lowerFrom(String text, int first) {
        char[] chars = text.toCharArray();
        for (int i = first; i < chars.length; i++) {
            if (isUpper(chars[i])) {
                chars[i] = (char) (chars[i] + 'a' - 'A');
            }
        }
        return new String(chars);
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    public static boolean areSame(String one, String other) {
        return lower(one).equals(lower(other));
    }
}
