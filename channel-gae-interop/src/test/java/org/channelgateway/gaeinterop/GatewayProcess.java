package org.channelgateway.gaeinterop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The gateway's jar with its app {@code demo}, in a process of its own. Confined to one thread. */
final class GatewayProcess implements AutoCloseable {
    private static final Path JAR = Path.of("..", "channel-server", "target", "channel-server.jar");
    private static final Pattern XMPP = Pattern.compile(" +XMPP +127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern READY = Pattern.compile("ready http://127\\.0\\.0\\.1:(\\d+)/");
    private static final int PATIENCE_SECONDS = 60;

    private final Path data;
    private Process process;
    private int xmpp;
    private int http;

    /** @param data an empty folder */
    GatewayProcess(Path data) throws IOException {
        this.data = data;
        process = start();
    }

    private Process start() throws IOException {
        Process started = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        JAR.toString(),
                        "--data",
                        data.toString(),
                        "--http",
                        "127.0.0.1:" + http,
                        "--xmpp",
                        "127.0.0.1:" + xmpp)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        xmpp = port(said, XMPP);
        http = port(said, READY);
        return started;
    }

    private static int port(BufferedReader lines, Pattern wanted) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher matcher = wanted.matcher(line);
            if (matcher.matches()) {
                return Integer.parseInt(matcher.group(1));
            }
        }
        throw new IOException("the gateway ended (expected: " + wanted + ")");
    }

    /** Where it serves HTTP; the same after a restart. */
    URI uri() {
        return URI.create("http://127.0.0.1:" + http + "/");
    }

    /** What applications set as {@code CHANNEL_URL}; the same after a restart. */
    String channelUrl() {
        return "xmpp://demo@127.0.0.1:" + xmpp;
    }

    /** What applications set as {@code CHANNEL_SECRET}. */
    String secret() {
        try {
            return Files.readString(data.resolve("demo.secret")).strip();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Tells the drop-in of this JVM about it, as an operator would. */
    void configure() {
        System.setProperty("CHANNEL_URL", channelUrl());
        System.setProperty("CHANNEL_SECRET", secret());
    }

    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the gateway runs on (expected: an end after SIGTERM)");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** While it is stopped: the app gets another secret at the next start. */
    void forgetSecret() throws IOException {
        Files.delete(data.resolve("demo.secret"));
    }

    /** On the same data and ports, after {@link #stop}. */
    void startAgain() throws IOException {
        process = start();
    }

    @Override
    public void close() {
        stop();
        System.clearProperty("CHANNEL_URL");
        System.clearProperty("CHANNEL_SECRET");
    }
}
