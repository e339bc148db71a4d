package org.channelgateway.it;

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
import org.channelgateway.LeakWatch;
import org.jspecify.annotations.Nullable;

/** A gateway as a process of its own, with the clock of the machine, that can be killed and started again. */
final class GatewayProcess implements AutoCloseable {
    static final String SECRET = "secret-of-a-process";

    private static final Path JAR = Path.of("target", "channel-server.jar");
    private static final String READY = "ready ";
    private static final long PATIENCE_SECONDS = 60;

    private final Path folder;
    private String http = "127.0.0.1:0";
    private @Nullable Process process;
    private URI uri;

    /** @param yaml its settings, with an app that has {@link #SECRET} */
    GatewayProcess(Path folder, String yaml) throws IOException {
        this.folder = folder;
        LeakWatch.secret(SECRET);
        Files.writeString(folder.resolve("gateway.yaml"), yaml);
        this.uri = start();
        this.http = uri.getHost() + ":" + uri.getPort();
    }

    /** Starts it, at the same address as before. */
    URI start() throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of("--config", folder.resolve("gateway.yaml").toString()));
        command.addAll(List.of("--data", folder.resolve("data").toString()));
        command.addAll(List.of("--http", http, "--xmpp", "127.0.0.1:0"));
        Process started = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process = started;
        BufferedReader said =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith(READY)) {
                uri = URI.create(line.substring(READY.length()));
                return uri;
            }
        }
        throw new IOException("the gateway ended (expected: " + READY + "…)");
    }

    URI uri() {
        return uri;
    }

    ChannelApi api() {
        return new ChannelApi(uri, SECRET);
    }

    /** Ends it with SIGKILL. */
    void kill() throws InterruptedException {
        if (process == null) {
            throw new IllegalStateException("process: none (expected: one)");
        }
        process.destroyForcibly();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the gateway runs on (expected: an end)");
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
