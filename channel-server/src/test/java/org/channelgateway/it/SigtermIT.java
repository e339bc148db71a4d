package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway as a process of its own, and the signals that end it. */
final class SigtermIT {
    private static final Path JAR = Path.of("target", "channel-server.jar");
    private static final String READY = "ready ";
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    Path folder;

    private @Nullable Process process;

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private URI start(String spread, String limit) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        JAR.toString(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--http",
                        "127.0.0.1:0",
                        "--xmpp",
                        "127.0.0.1:0")
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(Map.of("CHANNEL_SHUTDOWN_SPREAD", spread, "CHANNEL_SHUTDOWN_LIMIT", limit));
        Process started = builder.start();
        process = started;
        BufferedReader said =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith(READY)) {
                return URI.create(line.substring(READY.length()));
            }
        }
        throw new IOException("the gateway ended (expected: " + READY + "…)");
    }

    private ChannelApi api(URI gateway) throws IOException {
        return new ChannelApi(
                gateway, Files.readString(folder.resolve("data/demo.secret")).strip());
    }

    private void sigterm() {
        if (process == null) {
            throw new AssertionError("no process");
        }
        process.destroy();
    }

    private void endsWithStatus0() throws InterruptedException {
        if (process == null || !process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the gateway runs on (expected: an end)");
        }
        assertThat(process.exitValue()).isZero();
    }

    private static int ready(URI gateway) {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("readyz")).build();
        return ChannelApi.send(ChannelApi.client(), request).statusCode();
    }

    @Test
    void tellsEveryHeldPollAndEndsWithStatus0() throws Exception {
        URI gateway = start("1s", "60s");
        String token = api(gateway).token("k");
        try (HeldPoll one = new HeldPoll(gateway, token);
                HeldPoll two = new HeldPoll(gateway, token);
                HeldPoll three = new HeldPoll(gateway, token)) {
            sigterm();
            for (HeldPoll poll : new HeldPoll[] {one, two, three}) {
                assertThat(poll.answer()).contains("type='terminate' condition='system-shutdown'");
            }
        }
        endsWithStatus0();
    }

    @Test
    void endsAtOnceWhenItIsToldASecondTime() throws Exception {
        URI gateway = start("600s", "900s");
        String token = api(gateway).token("k");
        try (HeldPoll first = new HeldPoll(gateway, token);
                HeldPoll second = new HeldPoll(gateway, token)) {
            assertThat(first).isNotEqualTo(second);
            sigterm();
            await().until(() -> ready(gateway) == 503);
            sigterm();
            endsWithStatus0();
        }
    }

    @Test
    void endsAtItsLimitWhateverIsUnderWay() throws Exception {
        URI gateway = start("0s", "2s");
        try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
            OutputStream out = socket.getOutputStream();
            String secret = Files.readString(folder.resolve("data/demo.secret")).strip();
            out.write(("POST /v1/channels HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + secret
                            + "\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes("HTTP/1.1 100 ".length()))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("HTTP/1.1 100 "); // the request is under way, and its body never comes
            sigterm();
            endsWithStatus0();
        }
    }
}
