package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --app} of a gateway that is a process of its own. */
@Timeout(180)
final class ApplicationOptionIT {
    private static final Path JAR = Path.of("target", "channel-server.jar");
    private static final String READY = "ready ";

    @TempDir
    Path folder;

    private @Nullable Process process;

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private List<String> start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + folder.resolve("classes"),
                "-jar",
                JAR.toString(),
                "--data",
                folder.resolve("data").toString(),
                "--http",
                "127.0.0.1:0",
                "--xmpp",
                "127.0.0.1:0"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CHANNEL_HTTP_ADMIN", "127.0.0.1:0");
        Process started = builder.start();
        process = started;
        BufferedReader said =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        List<String> lines = new ArrayList<>();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            lines.add(line);
            if (line.startsWith(READY)) {
                return lines;
            }
        }
        return lines;
    }

    /** The value of a line of the how-to. */
    private static String value(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith("  " + name + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(lines + " (expected: a line " + name + ")"))
                .substring(2 + 11)
                .strip();
    }

    @Test
    void saysWhereEverythingIs() throws Exception {
        try (PageServer application = new PageServer()) {
            List<String> lines = start("--app", application.origin());
            URI shared = URI.create(lines.get(lines.size() - 1).substring(READY.length()));
            assertThat(value(lines, "Application")).isEqualTo(shared + " (from " + application.origin() + ")");
            assertThat(value(lines, "Demo page")).isEqualTo(shared + "_ah/channel/demo");
            String admin = value(lines, "Admin").replaceFirst(" .*", "");
            assertThat(lines).anyMatch(line -> line.strip().equals(admin + "v1/channels/demo/messages"));
            String secret = Files.readString(folder.resolve("data/demo.secret")).strip();
            assertThat(new ChannelApi(URI.create(admin), secret).send("demo", "Hello"))
                    .isZero();
            assertThat(Files.readString(folder.resolve("classes"))).contains("org.channelgateway.proxy.");
        }
    }

    @Test
    void costsNothingWhenItIsNotGiven() throws Exception {
        List<String> lines = start();
        assertThat(lines.get(lines.size() - 1)).startsWith(READY);
        assertThat(Files.readString(folder.resolve("classes")))
                .contains("org.channelgateway.server.Front ")
                .doesNotContain("org.channelgateway.proxy.", "org.eclipse.jetty.io.ClientConnector");
    }

    @Test
    void stopsTheStartWhenItIsNoAddress() throws Exception {
        assertThat(start("--app", "ftp://x"))
                .containsExactly(
                        "gateway: --app: ftp://x (expected: an http or https URL of a host, without a path, as in http://127.0.0.1:9000)");
        assertThat(process == null || process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process).extracting(Process::exitValue).isEqualTo(2);
    }
}
