package org.channelgateway.registry;

/** Names that hold nothing but lower-case letters and digits. */
final class Base32 {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"; // RFC 4648 §6, in lower case

    private Base32() {}

    /** One character of five bits for each of the first {@code length} bytes. */
    static String text(byte[] bytes, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(bytes[i] & 31));
        }
        return text.toString();
    }
}
