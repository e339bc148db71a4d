package org.channelgateway.registry;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An open registry on an empty database; a subclass says which database. */
abstract class RegistryContract {
    static final Duration TWO_HOURS = Duration.ofHours(2);
    static final String APP = "guestbook";

    /** Most callbacks of an application, where a subclass bounds them. */
    static final int CALLBACKS = 700;

    final MovableClock clock = new MovableClock();
    Registry registry;
    Leases leases;

    /** Opens the same database each time it is called within one test. */
    abstract Registry open(InstantSource time);

    @BeforeEach
    void openRegistry() {
        registry = open(clock);
        leases = registry.leases();
    }

    @AfterEach
    void closeRegistry() {
        registry.close();
    }

    void reopen() {
        closeRegistry();
        openRegistry();
    }

    IssuedLease create(String key) {
        return leases.create(APP, ChannelKey.of(key), TWO_HOURS);
    }

    List<String> list(String prefix, String after, int limit) {
        return leases.list(APP, prefix, after.isEmpty() ? null : ChannelKey.of(after), limit).stream()
                .map(ChannelKey::text)
                .toList();
    }

    int rows(String table) {
        return registry.database()
                .with(session -> session.list("SELECT COUNT(*) FROM " + table, row -> row.getInt(1)))
                .get(0);
    }
}
