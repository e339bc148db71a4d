package org.channelgateway.nginx;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.channelgateway.LeakWatch;

/**
 * The system's nginx with a configuration of {@code nginx-conf}, on free ports of loopback. At its end its logs are searched for
 * secrets.
 */
public final class NginxProcess implements AutoCloseable {
    private static final Path RENDER = Path.of("..", "nginx-conf", "render");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String kind;
    private final Path folder;
    private final Map<String, String> settings;
    private final int port = freePort();
    private final int insidePort = freePort();
    private final Process process;

    /**
     * Serves when this returns.
     *
     * @param kind of the template: embedded, cluster or straight
     * @param settings of {@code render}, by their names as environment variables
     */
    public NginxProcess(String kind, Map<String, String> settings, URI... gateways) {
        this.kind = kind;
        this.settings = new HashMap<>(settings);
        try {
            folder = Files.createTempDirectory(
                    "nginx-it-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            SelfSigned.write(folder);
            render(gateways);
            process = new ProcessBuilder("nginx", "-e", "stderr", "-c", folder + "/nginx.conf", "-g", "daemon off;")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("said").toFile())
                    .start();
            await().atMost(PATIENCE).until(this::listens);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean listens() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("nginx ended: " + Files.readString(folder.resolve("said")));
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes its configuration anew, for {@link #reload}; has nginx check it. */
    void render(URI... gateways) throws IOException {
        Map<String, String> all = new HashMap<>(settings);
        all.put("NGINX_LISTEN", "127.0.0.1:" + port);
        all.put("NGINX_INSIDE", "127.0.0.1:" + insidePort);
        all.put("NGINX_GATEWAYS", Arrays.stream(gateways).map(URI::getAuthority).collect(Collectors.joining(" ")));
        Rendering rendering = Rendering.of(kind, folder, all);
        if (rendering.status() != 0) {
            throw new IOException("render: " + rendering.said());
        }
    }

    /**
     * What {@code render} did.
     *
     * @param status its exit status
     * @param said what it printed
     */
    record Rendering(int status, String said) {
        static Rendering of(String kind, Path folder, Map<String, String> environment) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(RENDER.toString(), kind, folder.toString());
            builder.environment().putAll(environment);
            Process render = builder.redirectErrorStream(true).start();
            String said = new String(render.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            try {
                return new Rendering(render.waitFor(), said);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Where browsers find it, over TLS. */
    public URI uri() {
        return URI.create("https://127.0.0.1:" + port + "/");
    }

    /** Where applications find it. */
    public URI inside() {
        return URI.create("http://127.0.0.1:" + insidePort + "/");
    }

    private Set<Long> workers() {
        return process.toHandle().children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    /** Takes its configuration again; new workers serve when this returns, and old ones end what they have. */
    public void reload() {
        Set<Long> before = workers();
        try {
            new ProcessBuilder("kill", "-HUP", String.valueOf(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
        await().atMost(PATIENCE).until(() -> workers().stream().anyMatch(pid -> !before.contains(pid)));
    }

    /** The lines of its access log. */
    List<String> accesses() throws IOException {
        return Files.readAllLines(folder.resolve("logs").resolve("access.log"));
    }

    /** Ends it, and looks through what it has written. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError("nginx did not end");
            }
            for (Path log : List.of(
                    folder.resolve("said"), folder.resolve("logs/access.log"), folder.resolve("logs/error.log"))) {
                Files.readAllLines(log).forEach(LeakWatch::said);
            }
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
