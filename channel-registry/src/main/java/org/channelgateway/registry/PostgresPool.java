package org.channelgateway.registry;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections to a PostgreSQL database. When it is away, a call fails within a second; when it hangs, within two, or as long for
 * each statement that it still answers, and a second more when no connection is free. Thread-safe.
 */
final class PostgresPool implements Storage {
    private static final int CONNECT_SECONDS = 1;
    private static final int STATEMENT_SECONDS = 2;
    /**
     * What the server does by itself, in milliseconds: it ends a statement before its client gives up, so that nothing goes on there
     * for nobody, and the transactions of a gateway that stands still or lost its network, so that its locks do not hold up the others.
     */
    private static final String SERVER_LIMITS = "-c statement_timeout=1800 -c lock_timeout=1500"
            + " -c idle_in_transaction_session_timeout=10000 -c tcp_user_timeout=10000";

    private static final Duration CONNECTION_WAIT = Duration.ofMillis(900);
    private static final Duration VALIDATION = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofMinutes(1);
    /** Migrations of large tables take their time. */
    private static final int MIGRATION_CONNECT_SECONDS = 5;

    private final HikariDataSource pool;
    private final int connections;

    private PostgresPool(HikariDataSource pool, int connections) {
        this.pool = pool;
        this.connections = connections;
    }

    /** @throws RegistryException when it cannot be reached, or its tables cannot be made */
    static PostgresPool open(DatabaseConfig config) {
        try {
            DataSource migrating = source(config, MIGRATION_CONNECT_SECONDS);
            migrating.getConnection().close(); // says more clearly than Flyway what is wrong
            Schema.migrate(migrating, Vendor.POSTGRESQL.folder());
            return new PostgresPool(new HikariDataSource(hikari(config)), config.connections());
        } catch (SQLException e) {
            throw new RegistryException("database: cannot be used: " + e.getMessage(), e);
        }
    }

    /** One whose statements may take any time. */
    private static PGSimpleDataSource source(DatabaseConfig config, int connectSeconds) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(config.url());
        source.setUser(config.user());
        source.setPassword(config.password());
        source.setConnectTimeout(connectSeconds);
        source.setLoginTimeout(connectSeconds);
        source.setTcpKeepAlive(true);
        source.setReWriteBatchedInserts(true);
        source.setApplicationName("channel-gateway");
        return source;
    }

    private static DataSource limited(DatabaseConfig config) {
        PGSimpleDataSource source = source(config, CONNECT_SECONDS);
        source.setSocketTimeout(STATEMENT_SECONDS);
        String given = source.getOptions();
        source.setOptions(given == null ? SERVER_LIMITS : given + " " + SERVER_LIMITS);
        return source;
    }

    private static HikariConfig hikari(DatabaseConfig config) {
        HikariConfig hikari = new HikariConfig();
        hikari.setPoolName("registry");
        hikari.setDataSource(limited(config));
        hikari.setMaximumPoolSize(config.connections());
        hikari.setMinimumIdle(
                Math.min(2, config.connections() - 1)); // fewer than there may be, so that some may be idle too long
        hikari.setIdleTimeout(IDLE.toMillis());
        hikari.setConnectionTimeout(CONNECTION_WAIT.toMillis());
        hikari.setValidationTimeout(VALIDATION.toMillis());
        hikari.setInitializationFailTimeout(-1);
        return hikari;
    }

    @Override
    public Vendor vendor() {
        return Vendor.POSTGRESQL;
    }

    @Override
    public DataSource connections() {
        return pool;
    }

    /** The pool throws away what is broken. */
    @Override
    public void failed(DataSource failedOn, SQLException failure) {}

    @Override
    public PoolState pool() {
        HikariPoolMXBean state = pool.getHikariPoolMXBean();
        return state == null
                ? new PoolState(0, 0, 0, connections)
                : new PoolState(
                        state.getActiveConnections(),
                        state.getIdleConnections(),
                        state.getThreadsAwaitingConnection(),
                        connections);
    }

    @Override
    public void close() {
        pool.close();
    }
}
