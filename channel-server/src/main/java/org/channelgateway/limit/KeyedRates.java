package org.channelgateway.limit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** A rate for each of many names; those that were not heard of for longest are forgotten. Thread-safe. */
public final class KeyedRates {
    private static final int MOST = 10_000;
    /** So much of a pause may be made up for at once. */
    private static final Duration BURST = Duration.ofSeconds(2);

    private final int perSecond;
    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, TokenBucket> byName = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
            return size() > MOST;
        }
    };

    /** @param ticker nano time */
    public KeyedRates(int perSecond, LongSupplier ticker) {
        this.perSecond = perSecond;
        this.ticker = ticker;
    }

    public int perSecond() {
        return perSecond;
    }

    /** Counts one of {@code name}; zero, or how long it has to wait, and then it was not counted. */
    public Duration take(String name) {
        TokenBucket bucket;
        lock.lock();
        try {
            bucket = byName.computeIfAbsent(name, unknown -> new TokenBucket(perSecond, BURST, ticker));
        } finally {
            lock.unlock();
        }
        return bucket.take(1);
    }
}
