package org.channelgateway.registry;

import com.zaxxer.hikari.HikariDataSource;
import java.time.InstantSource;

/** The registry and what it holds open. Thread-safe. */
public final class Registry implements AutoCloseable {
    private static final int CHECK_SECONDS = 2;

    private final Database database;
    private final Accounts accounts;
    private final Leases leases;
    private final Secrets secrets;

    private Registry(Database database, InstantSource time) {
        this.database = database;
        this.accounts = new JdbcAccounts(database);
        this.leases = new JdbcLeases(database, time);
        this.secrets = new Secrets(database);
    }

    /**
     * Opens the registry, making it if it is not there.
     *
     * @param time the clock that leases are judged by
     * @throws RegistryException if the directory cannot be used, or another process uses it
     */
    public static Registry open(RegistryConfig config, InstantSource time) {
        HikariDataSource pool = H2File.open(config.data());
        try {
            Schema.migrate(pool, "h2");
            return new Registry(new Database(pool), time);
        } catch (RuntimeException | Error e) {
            pool.close();
            throw e;
        }
    }

    public Accounts accounts() {
        return accounts;
    }

    public Leases leases() {
        return leases;
    }

    public Secrets secrets() {
        return secrets;
    }

    /**
     * Reads something; takes at most 7 seconds.
     *
     * @throws RegistryException if that fails
     */
    public void check() {
        database.use(handle -> handle.createQuery("SELECT COUNT(*) FROM secrets")
                .setQueryTimeout(CHECK_SECONDS)
                .mapTo(int.class)
                .one());
    }

    Database database() {
        return database;
    }

    /** Releases threads, connections and the file; nothing can be asked afterwards. */
    @Override
    public void close() {
        database.close();
    }
}
