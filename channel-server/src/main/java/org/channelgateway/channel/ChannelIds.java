package org.channelgateway.channel;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The opaque id by which a message names its channel: the same for all its subscribers, telling nothing of the key. */
final class ChannelIds {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 12;

    private final SecretKeySpec secret;

    ChannelIds(byte[] secret) {
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    String of(Channel channel) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            mac.update(channel.app().getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            byte[] id = mac.doFinal(channel.key().bytes());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(id, BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
