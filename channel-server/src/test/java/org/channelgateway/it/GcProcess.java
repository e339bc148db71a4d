package org.channelgateway.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.channelgateway.LeakWatch;

/** {@code ./gateway gc} as a process of its own. Whatever it says is searched for secrets. */
final class GcProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;

    private final Process process;
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final Thread reader;

    /** How it ended, and all that it said on both of its streams. */
    record Ended(int status, String said) {}

    GcProcess(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=logback.xml", // as it is in earnest, not as in tests
                "-cp",
                System.getProperty("java.class.path"),
                "org.channelgateway.server.GcMain"));
        command.addAll(List.of(args));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        reader = new Thread(this::read, "gc-process");
        reader.setDaemon(true);
        reader.start();
    }

    /** With the settings in {@code config}; throws when it fails. */
    static String run(Path config, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--config", config.toString()));
        try (GcProcess process = new GcProcess(all.toArray(String[]::new))) {
            Ended ended = process.end();
            if (ended.status != 0) {
                throw new AssertionError(ended + " (expected: status 0)");
            }
            return ended.said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                LeakWatch.said(line);
                said.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its lines so far. */
    List<String> said() {
        return List.copyOf(said);
    }

    /** Ends it in order. */
    void sigterm() {
        process.toHandle().destroy();
    }

    /** Ends it as a lost machine would. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Waits until it has ended. */
    Ended end() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("gc runs on (expected: an end)");
            }
            reader.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return new Ended(process.exitValue(), String.join("\n", said));
    }

    /** Ends it if it still runs. */
    @Override
    public void close() {
        kill();
        Ended unused = end();
    }
}
