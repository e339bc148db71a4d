package org.channelgateway.c2s;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.channelgateway.limit.TokenBucket;
import org.jspecify.annotations.Nullable;

/**
 * How fast stanzas of a client are taken. One that has not logged in, and a subscriber, have little to say; one that says more is not
 * ended, it is read later. Applications may send as fast as they are answered. Confined to the thread that reads.
 */
final class StanzaPace {
    /** Before the login: 20 at once. */
    private static final int LOGIN_PER_SECOND = 10;

    private static final Duration LOGIN_BURST = Duration.ofSeconds(2);
    /** Of a subscriber: 400 at once. */
    private static final int SUBSCRIBER_PER_SECOND = 20;

    private static final Duration SUBSCRIBER_BURST = Duration.ofSeconds(20);

    private final LongSupplier ticker;
    /** Null when there is no bound. */
    private @Nullable TokenBucket bucket;

    /** @param ticker nano time */
    StanzaPace(LongSupplier ticker) {
        this.ticker = ticker;
        this.bucket = new TokenBucket(LOGIN_PER_SECOND, LOGIN_BURST, ticker);
    }

    void loggedIn(boolean isApplication) {
        bucket = isApplication ? null : new TokenBucket(SUBSCRIBER_PER_SECOND, SUBSCRIBER_BURST, ticker);
    }

    void count() {
        if (bucket != null) {
            Duration unused = bucket.take(1);
        }
    }

    /** How long the next one has to wait; zero when it need not. */
    Duration untilNext() {
        return bucket == null ? Duration.ZERO : bucket.take(0);
    }
}
