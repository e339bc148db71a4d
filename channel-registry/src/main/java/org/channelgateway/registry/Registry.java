package org.channelgateway.registry;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registry and what it holds open. Thread-safe. */
public final class Registry implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

    /** An H2 file is one gateway's: whatever a gateway left in it was this one's. */
    private static final String ONLY_GATEWAY = "local";
    /** Sessions at a server that the gateways share are nobody's. */
    private static final String ALL_GATEWAYS = "all";

    /** Sweepers share one name: each start would leave rows of counts with a name of its own. */
    private static final String ALL_SWEEPERS = "gc";

    private static final int NAME_LENGTH = 26;
    /** As long as for a connection: then a disk that hangs keeps no more threads of those who ask. */
    private static final Duration FILE_PATIENCE = Duration.ofSeconds(5);

    private static final Duration SERVER_PATIENCE = Duration.ofMillis(1800);

    private final Storage storage;
    private final Database database;
    private final InstantSource time;
    /** Null when another clock is given. */
    private final @Nullable DatabaseClock clock;

    private final Accounts accounts;
    private final Leases leases;
    private final Secrets secrets;
    private final Sessions sessions;
    private final PublishReceipts publishReceipts;
    private final Presences presences;
    private final Callbacks callbacks;

    /**
     * @param given null for the database's own
     * @param gateway the name of this one
     */
    private Registry(Storage storage, @Nullable InstantSource given, RegistryConfig config, String gateway) {
        this.storage = storage;
        this.database = new Database(storage, System::nanoTime);
        this.clock = given == null ? DatabaseClock.start(database) : null;
        this.time = clock == null ? Objects.requireNonNull(given) : clock;
        boolean isShared = storage.vendor() != Vendor.H2;
        boolean hasLogins = config.database() != null && config.database().hasLogins();
        Duration patience = isShared ? SERVER_PATIENCE : FILE_PATIENCE;
        this.accounts = new JdbcAccounts(database, hasLogins);
        FullKeys full = new FullKeys(time);
        LeaseCounts counts = isShared ? sharedCounts(config.limits(), full, gateway) : LocalLeaseCounts.of(database);
        this.leases =
                new JdbcLeases(database, storage.vendor(), time, config.limits(), counts, full, patience, hasLogins);
        this.secrets = new Secrets(database);
        this.publishReceipts = new JdbcPublishReceipts(database, time);
        CallbackRows rows = new CallbackRows(config.callbacks(), isShared);
        count(rows, isShared);
        JdbcPresences noted = new JdbcPresences(
                database, storage.vendor(), rows, time, hasLogins ? ALL_GATEWAYS : gateway, hasLogins, patience);
        this.presences = noted;
        this.sessions = new JdbcSessions(database, time, noted);
        this.callbacks = new JdbcCallbacks(database, rows, time, gateway, patience);
    }

    /** Of a large table that nobody has read for long this may take too much time; then it is known when it is counted next. */
    private void count(CallbackRows rows, boolean isShared) {
        try {
            Map<CallbackState, Integer> unused = database.with(rows::count);
        } catch (RegistryException e) {
            if (!isShared) {
                throw e;
            }
            LOG.warn("callbacks that wait are not counted yet: {}", e.getMessage());
        }
    }

    private LeaseCounts sharedCounts(LeaseLimits limits, FullKeys full, String gateway) {
        SharedLeaseCounts counts = new SharedLeaseCounts(database, limits, full, time, gateway);
        counts.fold();
        return counts;
    }

    private static String randomName() {
        byte[] bytes = new byte[NAME_LENGTH];
        new SecureRandom().nextBytes(bytes);
        return Base32.text(bytes, NAME_LENGTH);
    }

    /**
     * Opens the registry, making it if it is not there.
     *
     * @param time the clock that leases are judged by
     * @throws RegistryException if the directory cannot be used, another process uses it, or the database cannot be reached
     */
    public static Registry open(RegistryConfig config, InstantSource time) {
        return new Opening(config).with(time, config.database() == null ? ONLY_GATEWAY : randomName());
    }

    /** The same, judged by the clock of the database when that is shared. */
    public static Registry openShared(RegistryConfig config) {
        return new Opening(config).with(null, randomName());
    }

    /** The same for a process that only removes what is over; any number of them at once. */
    public static Registry openForSweeping(RegistryConfig config) {
        return new Opening(config).with(null, ALL_SWEEPERS);
    }

    private record Opening(RegistryConfig config) {
        Registry with(@Nullable InstantSource time, String gateway) {
            DatabaseConfig shared = config.database();
            Storage storage = shared == null ? file() : PostgresPool.open(shared);
            try {
                return new Registry(storage, time, config, gateway);
            } catch (RuntimeException | Error e) {
                storage.close();
                throw e;
            }
        }

        private Storage file() {
            H2File file = H2File.open(config.data());
            try {
                Schema.migrate(file.connections(), Vendor.H2.folder());
                return file;
            } catch (RuntimeException | Error e) {
                file.close();
                throw e;
            }
        }
    }

    /** What leases and everything else here are judged by. */
    public InstantSource time() {
        return time;
    }

    /** For a database that several gateways share. */
    public PublishReceipts publishReceipts() {
        return publishReceipts;
    }

    /** For a database that several gateways share. */
    public Sessions sessions() {
        return sessions;
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
        return storage.pool();
    }

    Database database() {
        return database;
    }

    /** Releases threads, connections and the file; nothing can be asked afterwards. */
    @Override
    public void close() {
        if (clock != null) {
            clock.close();
        }
        storage.close();
    }
}
