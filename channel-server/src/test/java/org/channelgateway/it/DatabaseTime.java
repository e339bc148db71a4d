package org.channelgateway.it;

import java.time.Duration;
import java.time.Instant;
import org.channelgateway.fixture.PostgresServer;

/**
 * The clock of a PostgreSQL database, which runs and can be put forward: everybody who asks this database for {@code clock_timestamp()}
 * is answered by a function that stands before the server's own in the search path. Thread-safe.
 */
final class DatabaseTime implements MovableClock {
    /** Two lines of a test are not further apart. */
    private static final Duration ERROR = Duration.ofSeconds(30);

    private final PostgresServer postgres;
    private final String database;
    private volatile Duration ahead = Duration.ZERO;

    /** To be made before anybody else uses the database. */
    DatabaseTime(PostgresServer postgres, String database) {
        this.postgres = postgres;
        this.database = database;
        postgres.execute(database, """
                CREATE SCHEMA moved;
                CREATE TABLE moved.ahead (millis BIGINT NOT NULL);
                INSERT INTO moved.ahead VALUES (0);
                CREATE FUNCTION moved.clock_timestamp() RETURNS TIMESTAMPTZ LANGUAGE sql VOLATILE SECURITY DEFINER AS
                    'SELECT pg_catalog.clock_timestamp() + (SELECT millis FROM moved.ahead) * INTERVAL ''1 millisecond''';
                GRANT USAGE ON SCHEMA moved TO PUBLIC;
                ALTER DATABASE %s SET search_path = public, moved, pg_catalog;
                """.formatted(database));
    }

    /** The database is on this machine. */
    @Override
    public Instant instant() {
        return Instant.now().plus(ahead);
    }

    /** Who counts on from what the database said last notices later: see {@link ClusterGateway}. */
    @Override
    public synchronized void advance(Duration duration) {
        ahead = ahead.plus(duration);
        postgres.execute(database, "UPDATE moved.ahead SET millis = " + ahead.toMillis());
    }

    @Override
    public Duration error() {
        return ERROR;
    }
}
