package org.channelgateway.callback;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long a callback waits for its next attempt: those that failed together do not come back together. */
record RetryDelay(RandomGenerator random) {
    private static final int MAX_EXPONENT = 20;

    /** A random time from 0 to 2 to the power of {@code failures} seconds. */
    Duration after(int failures) {
        long most = 1000L << Math.min(failures, MAX_EXPONENT);
        return Duration.ofMillis(random.nextLong(most + 1));
    }
}
