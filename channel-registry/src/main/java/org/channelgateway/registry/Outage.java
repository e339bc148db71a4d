package org.channelgateway.registry;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Whether the database was away or hung a moment ago. Then it is not asked: each question could take seconds, and those that wait for
 * the threads and connections of the others would wait for all of them. What fails at once costs nobody anything, and a statement that
 * the database itself ended says that it is there. Thread-safe.
 */
final class Outage {
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    /** A little less than a caller waits for a connection. */
    private static final long SLOW_NANOS = Duration.ofMillis(800).toNanos();
    /** The class of SQL states of a connection that could not be made, or broke (ISO 9075-2 §24.1). */
    private static final String CONNECTION = "08";

    private final LongSupplier ticker;
    /** When it may be asked. */
    private final AtomicLong over;

    /** @param ticker nano time */
    Outage(LongSupplier ticker) {
        this.ticker = ticker;
        this.over = new AtomicLong(ticker.getAsLong());
    }

    /** @throws RegistryException while it is not to be asked */
    void check() {
        if (isOn()) {
            throw RegistryException.notAsked();
        }
    }

    boolean isOn() {
        return ticker.getAsLong() - over.get() < 0;
    }

    /** @param began when it was asked for what has failed */
    void failed(SQLException failure, long began) {
        long now = ticker.getAsLong();
        String state = failure.getSQLState();
        if (now - began >= SLOW_NANOS && state != null && state.startsWith(CONNECTION)) {
            over.set(now + PAUSE_NANOS);
        }
    }
}
