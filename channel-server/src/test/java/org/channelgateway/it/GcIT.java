package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.channelgateway.fixture.PostgresServer;
import org.channelgateway.registry.CallbackLimits;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.DatabaseConfig;
import org.channelgateway.registry.LeaseLimits;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./gateway gc} on a database without an XMPP server beside it. */
final class GcIT {
    private static final String URL = PostgresServer.shared().newDatabase();
    private static final int EXPIRED = 1200;

    @TempDir
    Path folder;

    private Path config() throws IOException {
        return Files.writeString(
                folder.resolve("gateway.yaml"),
                "database: {url: '%s', user: %s, password: %s}%n"
                        .formatted(URL, PostgresServer.USER, PostgresServer.PASSWORD));
    }

    private static Registry open() {
        DatabaseConfig database = new DatabaseConfig(URL, PostgresServer.USER, PostgresServer.PASSWORD, 4, false);
        // A clock of two hours ago: what lasts an hour is expired by the clock of the database.
        return Registry.open(
                new RegistryConfig(Path.of("unused"), database, LeaseLimits.NONE, CallbackLimits.NONE),
                () -> Instant.now().minus(Duration.ofHours(2)));
    }

    @Test
    void severalAtOnceRemoveEachExpiredLeaseOnceAndSpareLiveOnes() throws Exception {
        String config = config().toString();
        try (Registry registry = open()) {
            for (int i = 0; i < EXPIRED; i++) {
                registry.leases().create("app", ChannelKey.of("k" + i), Duration.ofHours(1));
            }
            registry.leases().create("app", ChannelKey.of("live"), Duration.ofHours(12));

            List<GcProcess> processes =
                    List.of(new GcProcess("--once", "--config", config), new GcProcess("--once", "--config", config));
            int removed = 0;
            for (GcProcess process : processes) {
                GcProcess.Ended ended = process.end();
                assertThat(ended.status()).isZero();
                String last = ended.said().lines().reduce("", (before, line) -> line);
                assertThat(last).matches("removed \\d+ expired leases");
                removed += Integer.parseInt(last.replaceAll("\\D+", ""));
            }

            assertThat(removed).isEqualTo(EXPIRED);
            assertThat(registry.leases().list("app", "", null, 10)).containsExactly(ChannelKey.of("live"));
        }
    }

    @Test
    void refusesSettingsWithoutASharedDatabaseAndUnknownOptions() throws Exception {
        for (String option : List.of("--once", "--reconcile", "--unknown")) {
            try (GcProcess process = new GcProcess(option)) {
                assertThat(process.end().status()).isEqualTo(2);
            }
        }
    }
}
