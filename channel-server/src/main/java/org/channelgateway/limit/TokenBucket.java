package org.channelgateway.limit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A rate with bursts. Whoever comes while the bucket is not empty gets all it asks for, and the next wait until that is made up
 * for: so nothing is ever too large to be let through. Thread-safe, without a lock.
 */
public final class TokenBucket {
    private static final long SECOND = 1_000_000_000L;

    private final long nanosPerToken;
    private final long burstNanos;
    private final LongSupplier ticker;
    /** Nano time at which the bucket is empty no more; so far before now as it is full. */
    private final AtomicLong empty;

    /**
     * A full bucket.
     *
     * @param perSecond 1 to 1,000,000,000
     * @param burst how much of a pause can be made up for at once
     * @param ticker nano time
     */
    public TokenBucket(int perSecond, Duration burst, LongSupplier ticker) {
        this.nanosPerToken = SECOND / perSecond;
        this.burstNanos = burst.toNanos();
        this.ticker = ticker;
        this.empty = new AtomicLong(ticker.getAsLong() - burstNanos);
    }

    /** Takes so many; zero, or how long it takes until the bucket has some again, and nothing is taken. */
    public Duration take(int tokens) {
        long now = ticker.getAsLong();
        while (true) {
            long known = empty.get();
            long from = now - known > burstNanos ? now - burstNanos : known;
            if (from - now > 0) {
                return Duration.ofNanos(from - now);
            }
            if (empty.compareAndSet(known, from + tokens * nanosPerToken)) {
                return Duration.ZERO;
            }
        }
    }
}
