package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class H2FileTest {
    @TempDir
    Path parent;

    private Registry open(Path data) {
        return Registry.open(new RegistryConfig(data), InstantSource.system());
    }

    @Test
    void keepsEachTokenThatWasHandedOutBeforeTheProcessWasKilled() throws Exception {
        List<String> tokens = new ArrayList<>();
        Process process = CreatingProcess.start(parent);
        try (BufferedReader lines = CreatingProcess.tokens(process)) {
            while (tokens.size() < 2000) {
                tokens.add(Objects.requireNonNull(lines.readLine()));
            }
            process.toHandle().destroyForcibly(); // unlike Process, leaves the pipe readable
            lines.lines().filter(Token::hasShape).forEach(tokens::add); // the last line may be cut
        }
        process.waitFor();

        try (Registry registry = open(parent)) {
            assertThat(tokens)
                    .allSatisfy(text ->
                            assertThat(registry.leases().find(new Token(text))).isPresent());
        }
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
    void saysThatADirectoryCannotBeMade() throws Exception {
        Path file = Files.createFile(parent.resolve("file"));

        assertThatThrownBy(() -> open(file.resolve("data")))
                .isInstanceOf(RegistryException.class)
                .hasMessage("data: " + file.resolve("data")
                        + " (expected: a directory that this process can make and write)");
        assertThatThrownBy(() -> open(file)).isInstanceOf(RegistryException.class);
    }

    @Test
    void refusesAFileThatIsNoDatabase() throws Exception {
        Files.writeString(parent.resolve("registry.mv.db"), "not a database ".repeat(1000));

        assertThatThrownBy(() -> open(parent))
                .isInstanceOf(RegistryException.class)
                .hasMessageStartingWith("data: " + parent + " holds no registry that can be opened: ");
    }

    @Test
    void letsOnlyTheOwnerSeeTheDirectoryAndTheFile() throws Exception {
        Path data = parent.resolve("a/data");
        open(data).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(data)) {
            assertThat(files)
                    .singleElement()
                    .satisfies(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void takesADirectoryWithSpacesAndRefusesASemicolon() {
        open(parent.resolve("my data")).close();

        assertThat(parent.resolve("my data/registry.mv.db")).exists();
        assertThatThrownBy(() -> new RegistryConfig(Path.of("a;b")))
                .hasMessage("data: a;b (expected: a path without ';')");
    }

    @Test
    void passesItsCheckWhileOpenOnly() {
        Registry registry = open(parent);
        registry.check();

        registry.close();

        assertThatThrownBy(registry::check).isInstanceOf(RegistryException.class);
    }

    @Test
    void leavesNoThreadBehind() {
        open(parent).close();

        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .noneMatch(name -> name.startsWith("registry") || name.startsWith("MVStore")));
    }
}
