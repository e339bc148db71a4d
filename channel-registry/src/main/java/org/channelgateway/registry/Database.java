package org.channelgateway.registry;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/**
 * Lends the connections of a pool; what fails there becomes a {@link RegistryException}, and so does what is asked during an {@link
 * Outage}. Thread-safe.
 */
final class Database {
    /** Where connections come from, and who hears of what failed with them. */
    interface Source {
        DataSource connections();

        void failed(DataSource connections, SQLException failure);
    }

    private static final long TRACE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Source source;
    private final LongSupplier ticker;
    private final Outage outage;
    private final AtomicLong nextTrace;

    Database(Source source, LongSupplier ticker) {
        this.source = source;
        this.ticker = ticker;
        this.outage = new Outage(ticker);
        this.nextTrace = new AtomicLong(ticker.getAsLong());
    }

    /** What is done with a connection. */
    @FunctionalInterface
    interface Work<R> {
        R run(Session session) throws SQLException;
    }

    /** Each statement commits. */
    <R> R with(Work<R> work) {
        outage.check();
        long began = ticker.getAsLong();
        DataSource pool = source.connections();
        try (Connection connection = pool.getConnection()) {
            return work.run(new Session(connection));
        } catch (SQLException e) {
            throw failed(pool, e, began);
        }
    }

    /** Commits at the end; after an exception the pool rolls back when the connection returns to it. */
    <R> R inTransaction(Work<R> work) {
        outage.check();
        long began = ticker.getAsLong();
        DataSource pool = source.connections();
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false); // the pool sets it again
            R result = work.run(new Session(connection));
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw failed(pool, e, began);
        }
    }

    /** With the trace once a minute: who asked logs it, and on a full disk each call fails. */
    private RegistryException failed(DataSource pool, SQLException e, long began) {
        outage.failed(e, began);
        source.failed(pool, e);
        String message = "the registry's database failed: " + e.getMessage();
        long now = ticker.getAsLong();
        long next = nextTrace.get();
        return now - next >= 0 && nextTrace.compareAndSet(next, now + TRACE_NANOS)
                ? new RegistryException(message, e)
                : RegistryException.brief(message);
    }
}
