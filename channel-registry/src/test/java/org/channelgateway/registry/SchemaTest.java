package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SchemaTest {
    private static final String APPLY = "INSERT INTO \"flyway_schema_history\" (\"installed_rank\", \"version\","
            + " \"description\", \"type\", \"script\", \"installed_by\", \"execution_time\", \"success\")"
            + " VALUES (9, ?, 'later', 'SQL', 'V3_1__later.sql', 'sa', 1, TRUE)";

    @Test
    void knowsTheNewestMigrationInTheFolder(@TempDir Path data) {
        try (H2File file = H2File.open(data)) {
            Schema.migrate(file.connections(), "h2");

            MigrationInfo[] migrations =
                    Schema.flyway(file.connections(), "h2").info().all();
            assertThat(Stream.of(migrations).map(m -> Objects.toString(m.getVersion())))
                    .last()
                    .isEqualTo(String.valueOf(Schema.NEWEST));
            assertThat(migrations).allMatch(migration -> migration.getState().isApplied());
        }
    }

    @Test
    void keepsTheTokensOfTheFirstVersion(@TempDir Path data) {
        MovableClock clock = new MovableClock();
        Instant expires = clock.instant().plusSeconds(60);
        Token token = Token.issue(new SecureRandom(), expires);
        try (H2File file = H2File.open(data)) {
            Flyway.configure()
                    .configuration(Schema.flyway(file.connections(), "h2").getConfiguration())
                    .target("1")
                    .load()
                    .migrate();
            new Database(file, System::nanoTime)
                    .with(session -> session.update(
                            "INSERT INTO leases VALUES ('ch-old', ?, 'app', ?, ?, ?)",
                            token.hash(),
                            ChannelKey.of("k").bytes(),
                            clock.millis(),
                            expires.toEpochMilli()));
        }

        try (Registry registry = Registry.open(new RegistryConfig(data), clock)) {
            Lease lease = registry.leases().find(token).orElseThrow();

            assertThat(lease.expires()).isEqualTo(expires);
            assertThat(registry.leases().authenticate(lease.account(), token)).contains(lease);
            assertThat(registry.leases().list("app", "", null, 10)).containsExactly(ChannelKey.of("k"));
        }
    }

    @Test
    void refusesTablesThatANewerGatewayHasChanged(@TempDir Path data) {
        RegistryConfig config = new RegistryConfig(data);
        try (Registry registry = Registry.open(config, InstantSource.system())) {
            registry.database().with(session -> session.update(APPLY, "4.1"));
        }

        assertThatThrownBy(() -> Registry.open(config, InstantSource.system()))
                .isInstanceOf(RegistryException.class)
                .hasMessage("version of the registry's tables: 4"
                        + " (expected: at most 3; a newer gateway has changed them)");
    }
}
