package org.channelgateway.ejabberd;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The paths at which the sessions of {@code connect} are polled: {@code /http-bind/NODE/EXPIRY/MAC}. A proxy routes by the node, and
 * any gateway that has the secret knows until when the session may last. The sid stands in bodies only; the MAC is over it, so a
 * path is good for one session. Thread-safe.
 */
public final class BoshPaths {
    static final String PREFIX = "/http-bind/";
    private static final String ALGORITHM = "HmacSHA256";
    /** Of the MAC: 128 bits are not guessed online. */
    private static final int MAC_BYTES = 16;

    private final Mac keyed;

    /** @param secret the same one at all gateways */
    public BoshPaths(byte[] secret) {
        try {
            keyed = Mac.getInstance(ALGORITHM);
            keyed.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /**
     * The path of one session.
     *
     * @param expires the end of its lease, a whole second
     */
    public String path(String node, Instant expires, String sid) {
        return PREFIX + node + '/' + expires.getEpochSecond() + '/' + mac(node, expires.getEpochSecond(), sid);
    }

    /** True when {@code path} was made for {@code sid} with this secret; takes the same time for every wrong MAC. */
    boolean isOf(BoshPath path, String sid) {
        byte[] expected = mac(path.node(), path.expiry(), sid).getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(expected, path.mac().getBytes(StandardCharsets.UTF_8));
    }

    private String mac(String node, long expiry, String sid) {
        byte[] named = (node + '/' + expiry + '/' + sid).getBytes(StandardCharsets.UTF_8);
        byte[] mac = Arrays.copyOf(copy().doFinal(named), MAC_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(mac);
    }

    /** A {@link Mac} is for one thread; a copy is cheaper than to look one up and key it. */
    private Mac copy() {
        try {
            return (Mac) keyed.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("that of the Java platform can be cloned", e);
        }
    }
}
