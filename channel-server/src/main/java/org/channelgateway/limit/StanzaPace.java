package org.channelgateway.limit;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How fast stanzas of a client are taken. One that has not logged in, and a subscriber, have little to say. Applications may send as
 * fast as they are answered. Not thread-safe.
 */
public final class StanzaPace {
    /** Before the login: 20 at once. */
    private static final int LOGIN_PER_SECOND = 10;

    private static final Duration LOGIN_BURST = Duration.ofSeconds(2);
    private static final int SUBSCRIBER_PER_SECOND = 20;

    private static final Duration SUBSCRIBER_BURST = Duration.ofSeconds(20);
    /** Of a subscriber. */
    private static final int AT_ONCE = 400;

    private final LongSupplier ticker;
    /** Null when there is no bound. */
    private @Nullable TokenBucket bucket;

    /** @param ticker nano time */
    public StanzaPace(LongSupplier ticker) {
        this.ticker = ticker;
        this.bucket = new TokenBucket(LOGIN_PER_SECOND, LOGIN_BURST, ticker);
    }

    public void loggedIn(boolean isApplication) {
        bucket = isApplication ? null : new TokenBucket(SUBSCRIBER_PER_SECOND, SUBSCRIBER_BURST, ticker);
    }

    /** So many have come together. Not more than 400 are counted: the next one has not to wait for long. */
    public void count(int stanzas) {
        if (bucket != null) {
            Duration unused = bucket.take(Math.min(stanzas, AT_ONCE));
        }
    }

    /** How long the next one has to wait; zero when it need not. */
    public Duration untilNext() {
        return bucket == null ? Duration.ZERO : bucket.take(0);
    }
}
