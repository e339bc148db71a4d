package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the Java library's README and of the one of all, in a JVM of its own with nothing but the library and what it depends on. */
final class ExampleIT {
    private static final Path MODULE = Path.of("..", "channel-java-api");
    private static final Path SOURCE = MODULE.resolve("src/test/java/org/channelgateway/example/Example.java");
    private static final String MAIN = "org.channelgateway.example.Example";
    private static final List<String> LIBRARIES = List.of("channel-java-api", "smack-", "jxmpp-", "minidns-");

    private static GatewayFixture gateway;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String libraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> LIBRARIES.stream().anyMatch(new File(path).getName()::startsWith))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void compile(Path source, String... arguments) {
        List<String> all = new ArrayList<>(List.of("-d", folder.toString()));
        all.addAll(List.of(arguments));
        all.add(source.toString());
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, all.toArray(String[]::new)))
                .isZero();
    }

    /** Runs it and answers what it prints; it must end by itself. */
    private static String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put(
                        "CHANNEL_URL",
                        "xmpp://guestbook@127.0.0.1:" + gateway.xmpp().getPort());
        builder.environment().put("CHANNEL_SECRET", gateway.api().secret());
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }

    private static void worked(String printed) {
        assertThat(printed).matches("for the page: ct_[\\w-]{48}\nhanded to 0 sessions\n");
    }

    @Test
    void runsOnTheClassPath() throws IOException, InterruptedException {
        compile(SOURCE, "-cp", libraries());

        worked(run("-cp", folder + File.pathSeparator + libraries(), MAIN));
    }

    @Test
    void runsOnTheModulePath() throws IOException, InterruptedException {
        Path module = Files.writeString(
                folder.resolve("module-info.java"), "module example { requires org.channelgateway.api; }");
        compile(SOURCE, "-p", libraries(), module.toString());

        worked(run("-p", folder + File.pathSeparator + libraries(), "-m", "example/" + MAIN));
    }

    @Test
    void isWhatTheReadmeShows() throws IOException {
        String source = Files.readString(SOURCE);

        assertThat(Files.readString(MODULE.resolve("README.md")))
                .contains("```java\n" + source.substring(source.indexOf("import ")) + "```\n");
    }

    /** With the port and the secret of this gateway in the place of those of the README. */
    @Test
    void theReadmeOfAllShowsWhatRuns() throws IOException, InterruptedException {
        String readme = Files.readString(Path.of("..", "README.md"));
        String section = readme.substring(readme.indexOf("\n## From Java\n"));
        int from = section.indexOf("```java\n") + "```java\n".length();
        String shown = section.substring(from, section.indexOf("```", from));
        assertThat(shown).contains(":5222\"", "\"change-me-please\"");
        Path source = Files.writeString(
                folder.resolve("Shown.java"),
                "import org.channelgateway.api.*; public final class Shown { public static void main(String[] args) {"
                        + shown.replace(":5222\"", ":" + gateway.xmpp().getPort() + "\"")
                                .replace("change-me-please", gateway.api().secret())
                        + "}}");
        compile(source, "-cp", libraries());

        assertThat(run("-cp", folder + File.pathSeparator + libraries(), "Shown"))
                .isEqualTo("0\n");
    }
}
