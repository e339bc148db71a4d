package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
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
    void leavesNoThreadBehind() {
        open(parent).close();

        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .noneMatch(name -> name.startsWith("registry") || name.startsWith("MVStore")));
    }
}
