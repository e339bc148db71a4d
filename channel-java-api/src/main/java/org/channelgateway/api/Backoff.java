package org.channelgateway.api;

import java.time.Duration;
import java.util.function.LongUnaryOperator;

/** The pauses before connecting again: full jitter, up to twice as long each time. Confined to one thread at a time. */
final class Backoff {
    static final Duration FIRST = Duration.ofMillis(250);
    static final Duration MAX = Duration.ofSeconds(10);
    private static final int MAX_DOUBLINGS = 10;

    private final LongUnaryOperator random;
    private int failures;

    /** @param random a number from 0 up to and without its argument */
    Backoff(LongUnaryOperator random) {
        this.random = random;
    }

    Duration next() {
        long most = Math.min(MAX.toMillis(), FIRST.toMillis() << Math.min(failures, MAX_DOUBLINGS));
        failures++;
        return Duration.ofMillis(random.applyAsLong(most + 1));
    }

    /** Has the pauses that follow be as long as any, until {@link #reset}. */
    void longest() {
        failures = MAX_DOUBLINGS;
    }

    /** After a connection that has lasted. */
    void reset() {
        failures = 0;
    }
}
