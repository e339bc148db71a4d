package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file under other processes and bad directories. */
final class H2FileIT {
    @TempDir
    Path parent;

    private Registry open(Path data) {
        return Registry.open(new RegistryConfig(data), InstantSource.system());
    }

    @Test
    void keepsEachTokenThatWasHandedOutBeforeTheProcessWasKilled() throws Exception {
        List<String> tokens = new ArrayList<>();
        tokens.addAll(createUntilKilled(8000)); // until long after the first compaction
        tokens.addAll(createUntilKilled(1000));
        tokens.addAll(createUntilKilled(2000));

        try (Registry registry = open(parent)) {
            assertThat(tokens)
                    .filteredOn(text -> registry.leases().find(new Token(text)).isEmpty())
                    .isEmpty();
        }
    }

    private List<String> createUntilKilled(int count) throws Exception {
        List<String> tokens = new ArrayList<>();
        Process process = CreatingProcess.start(parent);
        try (BufferedReader lines = CreatingProcess.tokens(process)) {
            while (tokens.size() < count) {
                tokens.add(Objects.requireNonNull(lines.readLine()));
            }
            process.toHandle().destroyForcibly(); // unlike Process, leaves the pipe readable
            lines.lines().filter(Token::hasShape).forEach(tokens::add); // the last line may be cut
        }
        process.waitFor();
        return tokens;
    }

    @Test
    void saysThatAnotherProcessUsesTheDirectory() throws Exception {
        Process process = CreatingProcess.start(parent);
        try (BufferedReader lines = CreatingProcess.tokens(process)) {
            assertThat(lines.readLine()).startsWith("ct_");

            assertThatThrownBy(() -> open(parent))
                    .isInstanceOf(RegistryException.class)
                    .hasMessage(
                            "data: " + parent + " is in use by another process (expected: one gateway per directory)");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void givesBackTheSpaceOfWhatIsNoLongerLiveWhileItIsOpen() throws Exception {
        Path file = parent.resolve("registry.mv.db");
        MovableClock clock = new MovableClock();
        try (Registry registry = Registry.open(new RegistryConfig(parent), clock)) {
            Together.run(8, () -> {
                for (int i = 0; i < 1500; i++) {
                    registry.leases().create("app", ChannelKey.of("k" + i * 7919L % 10_000), Duration.ofHours(2));
                }
                return 0;
            });
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> Files.size(file) < 48 << 20); // 80 MB otherwise; half of each half may be free

            clock.advance(Duration.ofHours(3));
            while (!registry.leases().sweep(500).isEmpty()) {}
            await().atMost(Duration.ofSeconds(90)).until(() -> Files.size(file) < 16 << 20);
        }
    }
}
