package org.channelgateway.registry;

import java.time.InstantSource;

/** The registry and what it holds open. Thread-safe. */
public final class Registry implements AutoCloseable {
    private final H2File file;
    private final Database database;
    private final Accounts accounts;
    private final Leases leases;
    private final Secrets secrets;

    private Registry(H2File file, InstantSource time, LeaseLimits limits) {
        this.file = file;
        this.database = new Database(file, System::nanoTime);
        this.accounts = new JdbcAccounts(database);
        this.leases = new JdbcLeases(database, time, limits).counted();
        this.secrets = new Secrets(database);
    }

    /**
     * Opens the registry, making it if it is not there.
     *
     * @param time the clock that leases are judged by
     * @throws RegistryException if the directory cannot be used, or another process uses it
     */
    public static Registry open(RegistryConfig config, InstantSource time) {
        H2File file = H2File.open(config.data());
        try {
            Schema.migrate(file.connections(), "h2");
            return new Registry(file, time, config.limits());
        } catch (RuntimeException | Error e) {
            file.close();
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

    /** The state of the connections; asks nothing of the database. */
    public PoolState pool() {
        return file.pool();
    }

    Database database() {
        return database;
    }

    /** Releases threads, connections and the file; nothing can be asked afterwards. */
    @Override
    public void close() {
        file.close();
    }
}
