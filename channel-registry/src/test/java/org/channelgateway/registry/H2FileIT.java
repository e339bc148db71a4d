package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.file.Path;
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
}
