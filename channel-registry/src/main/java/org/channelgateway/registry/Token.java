package org.channelgateway.registry;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The secret that opens one channel: {@code ct_} and, in base64url, 32 random bytes and 4 bytes of expiry. The expiry lets the
 * gateway say "timed out" of a token whose lease has been swept; it grants nothing. Immutable.
 *
 * @param value the text as it travels, 51 characters of {@code [A-Za-z0-9_-]}
 */
public record Token(String value) {
    private static final String PREFIX = "ct_";
    private static final int RANDOM_BYTES = 32;
    private static final long MAX_SECONDS = 0xFFFF_FFFFL;
    private static final Pattern SHAPE = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{48}");

    public Token {
        if (!hasShape(value)) {
            throw new IllegalArgumentException("token: " + value.length() + " characters (expected: ct_ and 48 of"
                    + " [A-Za-z0-9_-])"); // the value itself may be a mistyped secret
        }
    }

    /**
     * A new token.
     *
     * @param expires from 1970 to February 2106; whole seconds of it are kept
     */
    public static Token issue(SecureRandom random, Instant expires) {
        long seconds = expires.getEpochSecond();
        if (seconds < 0 || seconds > MAX_SECONDS) {
            throw new IllegalArgumentException("expires: " + expires + " (expected: from 1970 to February 2106)");
        }
        byte[] secret = new byte[RANDOM_BYTES];
        random.nextBytes(secret);
        byte[] bytes = ByteBuffer.allocate(RANDOM_BYTES + Integer.BYTES)
                .put(secret)
                .putInt((int) seconds)
                .array();
        return new Token(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** The token in this text, if it has the shape of one; nothing is trimmed, nothing looked up. */
    public static Optional<Token> parse(String text) {
        return hasShape(text) ? Optional.of(new Token(text)) : Optional.empty();
    }

    public static boolean hasShape(String text) {
        return SHAPE.matcher(text).matches();
    }

    /** What the text claims; only the lease says what is true. */
    public Instant expiry() {
        byte[] bytes = Base64.getUrlDecoder().decode(value.substring(PREFIX.length()));
        return Instant.ofEpochSecond(
                Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(RANDOM_BYTES)));
    }

    /** SHA-256 of the text: what is stored. */
    public byte[] hash() {
        return SecretHash.of(value).bytes();
    }

    @Override
    public String toString() {
        return "Token[…]";
    }
}
