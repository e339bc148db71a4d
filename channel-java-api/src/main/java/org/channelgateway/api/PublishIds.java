package org.channelgateway.api;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;

/** Ids of publishes, such as {@code Zm9vYmFyYmF6cXV4.2s}: 96 random bits for the client, then a counter. Thread-safe. */
final class PublishIds {
    private static final int RANDOM_BYTES = 12;

    private final String prefix;
    private final AtomicLong last = new AtomicLong();

    PublishIds() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        prefix = Base64.getUrlEncoder().withoutPadding().encodeToString(random) + ".";
    }

    String next() {
        return prefix + Long.toString(last.incrementAndGet(), Character.MAX_RADIX);
    }
}
