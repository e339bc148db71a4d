package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the statements which run often are served by the indexes. */
final class H2PlanTest {
    private final MovableClock clock = new MovableClock();

    @TempDir
    Path data;

    private Registry registry;

    @BeforeEach
    void fillTwoApps() throws Exception {
        registry = Registry.open(new RegistryConfig(data), clock);
        for (int i = 0; i < 300; i++) {
            registry.leases().create(i % 2 == 0 ? "a" : "b", ChannelKey.of("k" + i), Duration.ofHours(1));
        }
        registry.database().with(session -> session.update("ANALYZE"));
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void listsByARangeOfTheIndexWithoutSorting() {
        KeyRange range = KeyRange.of("k1", null);

        assertThat(explain(JdbcLeases.LIST, "a", range.from(), range.end(), clock.millis(), 100))
                .contains("PUBLIC.LEASES_BY_KEY:")
                .contains("APP = ?1 AND CHANNEL_KEY >= ?2")
                .contains("index sorted");
    }

    @Test
    void sweepsByTheIndexOnExpiry() {
        assertThat(explain(JdbcLeases.SWEEP, clock.millis(), 100))
                .contains("PUBLIC.LEASES_BY_EXPIRY: EXPIRES <= ?1")
                .doesNotContain("ORDER BY");
    }

    @Test
    void revokesByTheIndexOnKeys() {
        assertThat(explain(JdbcLeases.REMOVE_KEY, "a", ChannelKey.of("k2").bytes()))
                .contains("PUBLIC.LEASES_BY_KEY: APP = ?1 AND CHANNEL_KEY = ?2");
    }

    @Test
    void findsAndRevokesATokenByTheIndexOnExpiry() {
        byte[] hash = SecretHash.of("token").bytes();

        assertThat(explain(JdbcLeases.BY_TOKEN, clock.millis(), hash))
                .contains("PUBLIC.LEASES_BY_EXPIRY: EXPIRES = ?1 AND TOKEN_HASH = ?2");
        assertThat(explain(JdbcLeases.REMOVE_TOKEN, clock.millis(), hash, "a"))
                .contains("PUBLIC.LEASES_BY_EXPIRY: EXPIRES = ?1 AND TOKEN_HASH = ?2");
    }

    @Test
    void takesCallbacksByTheIndexOnWhatIsDueAndLooksBeforeThemByTheIndexOnChannels() {
        for (int i = 0; i < 300; i++) {
            registry.callbacks().receive(i % 2 == 0 ? "a" : "b", ChannelKey.of("k" + i % 30), "m");
        }
        registry.database().with(session -> session.update("ANALYZE"));
        byte[] key = ChannelKey.of("k2").bytes();

        assertThat(explain(CallbackClaims.DUE, "a", clock.millis(), 10))
                .containsPattern("CALLBACKS_BY_DUE: [^*]*DUE <= \\?2")
                .containsPattern("CALLBACKS_BY_DUE: [^*]*STATE = 'queued'");
        assertThat(explain(CallbackClaims.BEFORE, "a", key, "a", key, clock.millis(), clock.millis(), 7L))
                .containsPattern("CALLBACKS_BY_CHANNEL: [^*]*STATE = 'running'")
                .containsPattern("CALLBACKS_BY_CHANNEL: [^*]*NOT_BEFORE <= \\?5");
        assertThat(explain(JdbcCallbacks.listing(null), "a", 7L, 100))
                .contains("CALLBACKS_BY_APP:")
                .contains("index sorted");
        assertThat(explain(JdbcPresences.LEAVING, "a", key, clock.millis()))
                .containsPattern("CALLBACKS_BY_CHANNEL: [^*]*NOT_BEFORE > \\?3");
    }

    private String explain(String sql, Object... arguments) {
        return registry.database()
                .with(session -> session.first("EXPLAIN " + sql, row -> row.getString(1), arguments))
                .orElseThrow()
                .replaceAll("\\s+", " ");
    }
}
