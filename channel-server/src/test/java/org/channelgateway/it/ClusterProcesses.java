package org.channelgateway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.channelgateway.nginx.NginxProcess;
import org.channelgateway.nginx.SelfSigned;

/** Two gateways that are processes of their own, with little memory, on the servers of a cluster and behind one nginx. */
final class ClusterProcesses implements AutoCloseable {
    /** What is not bounded ends a gateway soon. */
    private static final List<String> JVM = List.of("-Xmx96m", "-XX:+ExitOnOutOfMemoryError");

    private static final String SECRET = "secret-of-the-processes";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Path settings;
    private final List<GatewayProcess> gateways = new ArrayList<>();
    private final NginxProcess nginx;

    /** @param origin of the pages that may use it */
    ClusterProcesses(ClusterServers servers, String origin) {
        try {
            folder = Files.createTempDirectory("cluster-it-");
            settings = Files.writeString(
                    folder.resolve("gateway.yaml"),
                    "apps: {guestbook: {secret: " + SECRET + ", origins: ['" + origin + "']}}\n" + servers.settings());
            gateways.add(start("first", 0));
            gateways.add(start("second", 0));
            Awaitility.await().atMost(PATIENCE).until(() -> isReady(first()) && isReady(second()));
            nginx = new NginxProcess("cluster", Map.of("NGINX_EXEMPT", "127.0.0.1"), first().uri(), second().uri());
        } catch (IOException e) {
            gateways.forEach(GatewayProcess::close);
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            gateways.forEach(GatewayProcess::close);
            throw e;
        }
    }

    private GatewayProcess start(String name, int port) throws IOException {
        return new GatewayProcess(
                JVM,
                List.of(
                        "--config",
                        settings.toString(),
                        "--data",
                        folder.resolve(name).toString(),
                        "--http",
                        "127.0.0.1:" + port),
                SECRET);
    }

    /** Starts a gateway again that has been killed, and returns when it is ready. */
    void startAgain(GatewayProcess killed) throws IOException {
        int number = gateways.indexOf(killed);
        killed.close();
        GatewayProcess again =
                start(number == 0 ? "first" : "second", killed.uri().getPort());
        gateways.set(number, again);
        Awaitility.await().atMost(PATIENCE).until(() -> isReady(again));
    }

    private static boolean isReady(GatewayProcess gateway) {
        HttpRequest ready =
                HttpRequest.newBuilder(gateway.uri().resolve("readyz")).build();
        return ChannelApi.send(ChannelApi.client(), ready).statusCode() == 200;
    }

    GatewayProcess first() {
        return gateways.get(0);
    }

    GatewayProcess second() {
        return gateways.get(1);
    }

    NginxProcess nginx() {
        return nginx;
    }

    /** Of the application {@code guestbook}. */
    String secret() {
        return SECRET;
    }

    /** A client that takes nginx for what it says that it is. */
    static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .sslContext(SelfSigned.trusting())
                .build();
    }

    static HttpRequest.Builder post(URI to, String type, String body) {
        return HttpRequest.newBuilder(to).header("Content-Type", type).POST(BodyPublishers.ofString(body));
    }

    /** A request of the application. */
    static HttpRequest call(URI to, String type, String body) {
        return post(to, type, body).header("Authorization", "Bearer " + SECRET).build();
    }

    @Override
    public void close() {
        nginx.close();
        gateways.forEach(GatewayProcess::close);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
