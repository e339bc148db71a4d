package org.channelgateway.registry;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** SHA-256 of a secret text: what the registry keeps of it. Immutable. */
public final class SecretHash {
    private static final int BYTES = 32;

    private final byte[] sha256;

    private SecretHash(byte[] sha256) {
        this.sha256 = sha256;
    }

    /** The hash of a secret's UTF-8. */
    public static SecretHash of(String secret) {
        return new SecretHash(sha256(secret.getBytes(StandardCharsets.UTF_8)));
    }

    /** A hash made earlier. */
    public static SecretHash ofBytes(byte[] sha256) {
        if (sha256.length != BYTES) {
            throw new IllegalArgumentException("sha256: " + sha256.length + " bytes (expected: " + BYTES + ")");
        }
        return new SecretHash(sha256.clone());
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java platform has it
        }
    }

    /** Whether this is the hash of {@code secret}; takes the same time for any wrong one. */
    public boolean matches(String secret) {
        return equals(of(secret));
    }

    public byte[] bytes() {
        return sha256.clone();
    }

    /** In constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SecretHash hash && MessageDigest.isEqual(sha256, hash.sha256);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sha256);
    }

    @Override
    public String toString() {
        return "SecretHash[…]";
    }
}
