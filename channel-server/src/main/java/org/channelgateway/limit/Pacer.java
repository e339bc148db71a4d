package org.channelgateway.limit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets new sessions in at a rate, and tells the others when to come again: the more were sent away, the later, and each at
 * another time. Thread-safe.
 */
public final class Pacer {
    /** Most new sessions of a second, when nothing else is said. */
    public static final int DEFAULT_RATE = 2000;

    /** So much of a pause may be made up for at once: all clients of a gateway that comes back. */
    private static final Duration BURST = Duration.ofSeconds(5);

    private static final long SECOND = 1_000_000_000L;
    private static final long LONGEST_NANOS = 30 * SECOND;

    /** An address may open so many parts of what all may; but a few at least. */
    private static final int PART_OF_ADDRESS = 40;

    private static final int LEAST_OF_ADDRESS = 50;
    private static final int SECONDS_OF_ADDRESS = 5;

    private final TokenBucket bucket;
    private final KeyedRates byAddress;
    private final long nanosPerSession;
    private final LongSupplier ticker;
    private final IntUnaryOperator random;
    /** Nano time at which all who were sent away could be in. */
    private final AtomicLong clear;

    /**
     * @param perSecond how many sessions are let in
     * @param ticker nano time
     * @param random an integer from 0 to below the given one
     */
    public Pacer(int perSecond, LongSupplier ticker, IntUnaryOperator random) {
        this.bucket = new TokenBucket(perSecond, BURST, ticker);
        this.byAddress = new KeyedRates(Math.max(LEAST_OF_ADDRESS, perSecond / PART_OF_ADDRESS), ticker);
        this.nanosPerSession = SECOND / perSecond;
        this.ticker = ticker;
        this.random = random;
        this.clear = new AtomicLong(ticker.getAsLong());
    }

    /** One that sends nobody away. */
    public static Pacer none() {
        return new Pacer((int) SECOND, System::nanoTime, bound -> 0);
    }

    /**
     * True when {@code network} may open one more without a secret; whoever opens many takes nothing from other addresses then.
     *
     * @param network what an address is counted under; null when it is not counted
     */
    public boolean mayOpen(@Nullable String network) {
        return network == null || byAddress.take(network).isZero();
    }

    /** The seconds after which an address that opened too many may open more; that is no matter of the others. */
    public int retryAfterOfAddress() {
        return 1 + random.applyAsInt(SECONDS_OF_ADDRESS);
    }

    /** Zero when the session is let in; otherwise the seconds after which it may come again. */
    public int enter() {
        return bucket.take(1).isZero() ? 0 : retryAfter();
    }

    /** The seconds after which one that is sent away may come again, for whatever reason; at least 1. */
    public int retryAfter() {
        long now = ticker.getAsLong();
        long wait = clear.updateAndGet(known -> later(known, now)) - now;
        int seconds = 1 + (int) (wait / SECOND);
        return seconds + random.applyAsInt(seconds + 1);
    }

    private long later(long known, long now) {
        long from = known - now > 0 ? known : now;
        return from - now < LONGEST_NANOS ? from + nanosPerSession : from;
    }
}
