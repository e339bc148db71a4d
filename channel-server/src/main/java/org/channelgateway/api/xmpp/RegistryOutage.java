package org.channelgateway.api.xmpp;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Whether the registry failed a moment ago. Then it is not asked: each question could take seconds, and those that wait for their
 * answers would wait for all of them. Thread-safe.
 */
final class RegistryOutage {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final LongSupplier ticker;
    /** When it may be asked. */
    private final AtomicLong over;

    /** @param ticker nano time */
    RegistryOutage(LongSupplier ticker) {
        this.ticker = ticker;
        this.over = new AtomicLong(ticker.getAsLong());
    }

    /** It has failed. True for the first of those that asked at once. */
    boolean begins() {
        long now = ticker.getAsLong();
        return over.getAndSet(now + PAUSE.toNanos()) - now <= 0;
    }

    boolean isOn() {
        return ticker.getAsLong() - over.get() < 0;
    }
}
