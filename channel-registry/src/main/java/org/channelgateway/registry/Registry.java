package org.channelgateway.registry;

import java.time.InstantSource;
import java.util.Map;

/** The registry and what it holds open. Thread-safe. */
public final class Registry implements AutoCloseable {
    /** An H2 file is one gateway's: whatever a gateway left in it was this one's. */
    private static final String ONLY_GATEWAY = "local";

    private final H2File file;
    private final Database database;
    private final Accounts accounts;
    private final Leases leases;
    private final Secrets secrets;
    private final Presences presences;
    private final Callbacks callbacks;

    private Registry(H2File file, InstantSource time, RegistryConfig config) {
        this.file = file;
        this.database = new Database(file, System::nanoTime);
        this.accounts = new JdbcAccounts(database);
        this.leases = new JdbcLeases(database, time, config.limits()).counted();
        this.secrets = new Secrets(database);
        CallbackRows rows = new CallbackRows(config.callbacks());
        Map<CallbackState, Integer> unused = database.with(rows::count);
        this.presences = new JdbcPresences(database, rows, time, ONLY_GATEWAY);
        this.callbacks = new JdbcCallbacks(database, rows, time, ONLY_GATEWAY);
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
            return new Registry(file, time, config);
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

    public Presences presences() {
        return presences;
    }

    public Callbacks callbacks() {
        return callbacks;
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
