package org.channelgateway.registry;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server that checks a password by SCRAM-SHA-1 keeps of it (RFC 5802 §3). The passwords here are visible ASCII, which SASLprep
 * leaves as it is.
 *
 * @param clientKey what a client computes of the password at each login, in some milliseconds
 */
record ScramKeys(byte[] salt, byte[] storedKey, byte[] serverKey, byte[] clientKey) {
    /** The fewest that RFC 5802 §5.1 allows: the passwords are random. */
    static final int ITERATIONS = 4096;

    private static final int SALT_BYTES = 16;
    private static final int KEY_BITS = 160;
    private static final String HMAC = "HmacSHA1";

    static ScramKeys of(String password, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        try {
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2With" + HMAC)
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, KEY_BITS))
                    .getEncoded();
            byte[] clientKey = hmac(salted, "Client Key");
            byte[] storedKey = MessageDigest.getInstance("SHA-1").digest(clientKey);
            return new ScramKeys(salt, storedKey, hmac(salted, "Server Key"), clientKey);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has what SCRAM-SHA-1 needs", e);
        }
    }

    /** The client key, which is as good as the password, for whoever has the password and nobody else. */
    byte[] masked(String password) {
        return mask(clientKey, password);
    }

    /** The inverse of {@link #masked}, and the same. */
    static byte[] mask(byte[] clientKey, String password) {
        try {
            byte[] masked = hmac(password.getBytes(StandardCharsets.UTF_8), "mask of the client key");
            for (int i = 0; i < masked.length; i++) {
                masked[i] ^= clientKey[i];
            }
            return masked;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(HMAC);
        mac.init(new SecretKeySpec(key, HMAC));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}
