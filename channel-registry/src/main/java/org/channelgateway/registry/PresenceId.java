package org.channelgateway.registry;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * Names one stay of a session, from its beginning to its end. Immutable.
 *
 * @param value 26 characters of RFC 4648 §6 in lower case, of 128 bits
 */
public record PresenceId(String value) {
    private static final int LENGTH = 26; // of 5 bits each

    public PresenceId {
        if (!value.matches("[a-z2-7]{26}")) {
            throw new IllegalArgumentException("presence: not an id (expected: 26 characters of a-z and 2-7)");
        }
    }

    public static PresenceId random(SecureRandom random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return new PresenceId(Base32.text(bytes, LENGTH));
    }

    /** The same for the same name, which is a session's and no other's ever. */
    public static PresenceId of(byte[] name) {
        try {
            return new PresenceId(
                    Base32.text(MessageDigest.getInstance("SHA-256").digest(name), LENGTH));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
