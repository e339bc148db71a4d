package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

/** {@code ./gateway gc} as processes of their own. */
final class GcIT {
    private static final String URL = PostgresServer.shared().newDatabase();
    private static final int EXPIRED = 1200;

    @TempDir
    Path folder;

    private record Ended(int status, String out) {}

    private Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.channelgateway.server.GcMain"));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectError(Files.createTempFile(folder, "gc", ".err").toFile())
                .start();
    }

    private static Ended end(Process process) throws Exception {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out);
    }

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

            List<Process> processes = List.of(start("--once", "--config", config), start("--once", "--config", config));
            int removed = 0;
            for (Process process : processes) {
                Ended ended = end(process);
                assertThat(ended.status).isZero();
                assertThat(ended.out).matches("removed \\d+ expired leases\\R");
                removed += Integer.parseInt(ended.out.replaceAll("\\D+", ""));
            }

            assertThat(removed).isEqualTo(EXPIRED);
            assertThat(registry.leases().list("app", "", null, 10)).containsExactly(ChannelKey.of("live"));
        }
    }

    @Test
    void refusesSettingsWithoutASharedDatabaseAndUnknownOptions() throws Exception {
        assertThat(end(start("--once")).status).isEqualTo(2);
        assertThat(end(start("--reconcile")).status).isEqualTo(2);
    }
}
