package org.channelgateway.limit;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** When a client that was sent away may come again: each at another time, so that all do not come back together. */
public final class Retry {
    private Retry() {}

    /** Whole seconds, from {@code least} to twice as many. */
    public static Duration after(Duration least) {
        long seconds = least.toSeconds();
        return Duration.ofSeconds(seconds + ThreadLocalRandom.current().nextLong(seconds + 1));
    }
}
