package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** That PostgreSQL serves the statements which run often by the indexes, when the tables have many rows and it knows them. */
final class PostgresPlanTest extends RegistryContract {
    private static final byte[] KEY = ChannelKey.of("k7").bytes();
    private static final byte[] HASH = SecretHash.of("token").bytes();

    private static final PostgresDatabase DATABASE = new PostgresDatabase();
    private static final long NOW = new MovableClock().millis();

    @Override
    Registry open(InstantSource time) {
        return DATABASE.open(time);
    }

    /** Of each table 20,000 rows, half of them of one application; of leases and sessions one in a hundred is over. */
    @BeforeAll
    static void fill() throws SQLException {
        DATABASE.open(new MovableClock()).close();
        DatabaseConfig config = DATABASE.config();
        String app = "CASE WHEN i % 2 = 0 THEN 'big' ELSE 'a' || i % 200 END";
        String key = "convert_to('k' || i / 10, 'UTF8')";
        String expires = "CASE WHEN i % 100 = 0 THEN " + (NOW - 1) + " ELSE " + NOW + " + i END";
        String before = NOW + " - i";
        try (Connection connection = DriverManager.getConnection(config.url(), config.user(), config.password());
                Statement statement = connection.createStatement()) {
            insert(
                    statement,
                    "leases (account, token_hash, app, channel_key, created, expires, salt, stored_key, server_key)",
                    "'ch-' || i, decode(md5('' || i), 'hex'), " + app + ", " + key + ", 1, " + expires
                            + ", 'salt', 'stored', 'server'");
            insert(
                    statement,
                    "accounts (localpart, secret_hash, created, salt, stored_key, server_key)",
                    "'usr-' || i, 'hash', 1, 'salt', 'stored', 'server'");
            insert(
                    statement,
                    "sessions (account, resource, app, channel_key, created, expires, since, claimed)",
                    "'ch-' || i, 'tab', " + app + ", " + key + ", 1, " + expires + ", 1, 0");
            insert(
                    statement,
                    "callbacks (name, app, channel_key, kind, state, attempts, not_before, due)",
                    "'connected-' || i, " + app + ", " + key + ", 'connected',"
                            + " CASE WHEN i % 10 = 0 THEN 'queued' ELSE 'completed' END, 0, " + before + ", " + before);
            insert(statement, "publishes (app, id, fingerprint, claim, at)", app + ", 'id' || i, 1, 1, " + before);
            insert(statement, "lease_counts (app, gateway, leases)", "'a' || i % 5000, 'gateway' || i, 1");
            statement.execute("ANALYZE");
        }
    }

    private static void insert(Statement statement, String into, String values) throws SQLException {
        statement.executeUpdate("INSERT INTO " + into + " SELECT " + values + " FROM generate_series(1, 20000) AS i");
    }

    private AbstractStringAssert<?> plan(String sql, Object... arguments) {
        return assertThat(explain(sql, arguments)).doesNotContain("Seq Scan");
    }

    private String explain(String sql, Object... arguments) {
        return registry
                .database()
                .with(session -> session.list("EXPLAIN " + sql, row -> row.getString(1), arguments))
                .stream()
                .collect(Collectors.joining("\n"));
    }

    @Test
    void readsTheSessionsOfKeysByTheIndexOnKeys() {
        plan(JdbcSessions.OF_KEY, "a7", KEY, NOW).contains("sessions_by_key");
        plan(JdbcSessions.COUNT_OF_KEY, "a7", KEY, NOW).contains("sessions_by_key");
        byte[][] keys = {KEY, ChannelKey.of("k8").bytes(), ChannelKey.of("k900").bytes()};
        plan(JdbcSessions.OF_KEYS, "a7", keys, NOW).contains("sessions_by_key");
    }

    @Test
    void looksAtTokensAndAccountsByTheirIndexes() {
        plan(JdbcLeases.BY_TOKEN, NOW, HASH).contains("leases_by_expiry");
        plan(JdbcSessions.LOGIN_KEYS, NOW, HASH).contains("leases_by_expiry");
        plan(Vendor.POSTGRESQL.removed(JdbcLeases.REMOVE_TOKEN), NOW, HASH, "a7")
                .contains("leases_by_expiry");
        plan("SELECT password FROM ejabberd.users WHERE username = ?", "ch-7").contains("leases_pkey", "accounts_pkey");
    }

    @Test
    void countsAndListsLeasesWithoutReadingThemAll() {
        plan(SharedLeaseCounts.LOOK, "a7", "a7", KEY, NOW, 20_000).contains("lease_counts_pkey", "leases_by_key");
        KeyRange range = KeyRange.of("", null);
        plan(JdbcLeases.LIST, "big", range.from(), range.end(), NOW, 100)
                .contains("leases_by_key")
                .doesNotContain("Sort");
        plan(Vendor.POSTGRESQL.removed(JdbcLeases.REMOVE_KEY), "a7", KEY).contains("leases_by_key");
    }

    /** The counts are read as they are: they are about as many as applications. */
    @Test
    void readsOnlyWhatIsOverWhenItCountsWhatIsLive() {
        assertThat(explain(Vendor.POSTGRESQL.live(), NOW))
                .contains("leases_by_expiry", "lease_counts")
                .doesNotContain("Seq Scan on leases");
    }

    /** The rows themselves are read all when they are few. */
    @Test
    void claimsSessionsThatAreOverByTheIndexOnExpiry() {
        assertThat(explain(JdbcSessions.CLAIM_OVER, NOW, NOW, NOW, 200)).contains("sessions_by_expiry");
    }

    @Test
    void sweepsLeasesByTheIndexOnExpiry() {
        plan(JdbcLeases.SWEEP, NOW, 500).contains("leases_by_expiry");
    }

    @Test
    void takesCallbacksAndLooksBeforeThemByTheirIndexes() {
        plan(CallbackClaims.DUE, "a1", NOW, 10).contains("callbacks_by_due");
        plan(CallbackClaims.BEFORE, "a1", KEY, "a1", KEY, NOW, NOW, 7L).contains("callbacks_by_channel");
        plan(CallbackRows.INSERT_LAST, "n", "a1", KEY, "receive", KEY, NOW, NOW, "a1", KEY, NOW, "a1", KEY, NOW)
                .contains("callbacks_by_channel")
                .doesNotContain("Sort");
        plan(JdbcPresences.LEAVING, "a1", KEY, NOW).contains("callbacks_by_channel");
        plan(JdbcCallbacks.listing(null), "a1", 7L, 10).contains("callbacks_by_app");
    }

    @Test
    void removesCallbacksThatAreOverOfAllApplicationsByOneRangeOfAnIndex() {
        plan(CallbackRemovals.over(CallbackState.COMPLETED), NOW - 19_000, 1000).contains("callbacks_by_end");
        plan(CallbackRemovals.over(CallbackState.FAILED), NOW - 19_000, 1000).contains("callbacks_by_end");
        plan(CallbackRemovals.NEXT_APP, "queued", "a1").contains("callbacks_by_due");
    }

    @Test
    void findsAndForgetsPublishesByTheirIndexes() {
        plan(JdbcPublishReceipts.LOOK, "a7", "id7").contains("publishes_pkey");
        assertThat(explain(JdbcPublishReceipts.FORGET, NOW - 19_000)).contains("publishes_by_age");
    }
}
