package org.channelgateway.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.channelgateway.LeakWatch;

/**
 * A gateway that was started from its jar as a process of its own. Whatever it says, on either stream, is
 * searched for secrets until it has ended.
 */
final class GatewayProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target", "channel-server.jar");
    private static final String READY = "ready ";
    private static final String XMPP = "XMPP ";
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final List<Thread> readers = new ArrayList<>();
    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final CompletableFuture<String> xmpp = new CompletableFuture<>();
    private final ChannelApi api;

    /**
     * With the app {@code demo}.
     *
     * @param data an empty folder
     * @param jvm options of its JVM
     * @param environment settings by their names as environment variables
     */
    GatewayProcess(Path data, List<String> jvm, Map<String, String> environment) throws IOException {
        this(
                jvm,
                List.of("--data", data.toString(), "--http", "127.0.0.1:0"),
                environment,
                () -> Files.readString(data.resolve("demo.secret")).strip());
    }

    /**
     * @param arguments of the gateway, with an HTTP address
     * @param secret of the app that {@link #api} speaks for
     */
    GatewayProcess(List<String> arguments, String secret) throws IOException {
        this(List.of(), arguments, secret);
    }

    /** The same with options of its JVM. */
    GatewayProcess(List<String> jvm, List<String> arguments, String secret) throws IOException {
        this(jvm, arguments, Map.of(), () -> secret);
    }

    /** Reads a secret when the gateway is ready. */
    private interface SecretSource {
        String read() throws IOException;
    }

    private GatewayProcess(
            List<String> jvm, List<String> arguments, Map<String, String> environment, SecretSource secretSource)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-jar", JAR.toString()));
        if (!arguments.contains("--xmpp")) {
            command.addAll(List.of("--xmpp", "127.0.0.1:0"));
        }
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        process = builder.start();
        read(process.getInputStream(), this::said);
        read(process.getErrorStream(), System.err::println);
        String secret;
        try {
            await(ready);
            secret = secretSource.read();
        } catch (IOException | RuntimeException | Error e) {
            process.destroyForcibly();
            throw e;
        }
        LeakWatch.secret(secret);
        api = new ChannelApi(uri(), secret);
    }

    private void read(InputStream stream, Consumer<String> then) {
        Thread reader = new Thread(() -> readAll(stream, then), "gateway-process");
        reader.setDaemon(true);
        reader.start();
        readers.add(reader);
    }

    private void readAll(InputStream stream, Consumer<String> then) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                LeakWatch.said(line);
                said.add(line);
                then.accept(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            ready.completeExceptionally(new IOException("the gateway ended (expected: " + READY + "…)"));
        }
    }

    private void said(String line) {
        if (line.startsWith(READY)) {
            ready.complete(line.substring(READY.length()));
        } else if (line.strip().startsWith(XMPP)) {
            xmpp.complete(line.strip().substring(XMPP.length()).strip());
        }
    }

    private static String await(CompletableFuture<String> said) throws IOException {
        try {
            return said.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the gateway did not say that it is ready", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    URI uri() {
        return URI.create(ready.join());
    }

    /** Where it serves XMPP over TCP. */
    InetSocketAddress xmpp() {
        String address = xmpp.join();
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    ChannelApi api() {
        return api;
    }

    /** What it has said so far, on either stream. */
    List<String> lines() {
        return List.copyOf(said);
    }

    long pid() {
        return process.pid();
    }

    void sigterm() {
        process.toHandle().destroy(); // Process.destroy() would not hear what it still says
    }

    /** Ends it as a lost machine would. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** What it has used of the processors so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** How much of its heap lives, after a collection. */
    long liveBytes() throws IOException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        "GC.class_histogram")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = jcmd.inputReader()) {
            String total = lines.lines()
                    .filter(line -> line.startsWith("Total"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("jcmd: no total (expected: a histogram)"));
            return Long.parseLong(total.split(" +", -1)[2]);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it has ended by itself, and returns its status. */
    int status() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the gateway runs on (expected: an end)");
        }
        return process.exitValue();
    }

    /** Ends it if it still runs, and hears it out. */
    @Override
    public void close() {
        process.toHandle().destroyForcibly();
        try {
            for (Thread reader : readers) {
                reader.join();
            }
            process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
