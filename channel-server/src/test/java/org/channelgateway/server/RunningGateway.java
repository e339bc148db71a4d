package org.channelgateway.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;
import org.channelgateway.LeakWatch;
import org.channelgateway.config.CommandLine;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.SettingsLoader;

/** A real gateway on a free port, and a client that speaks to it. */
public final class RunningGateway implements AutoCloseable {
    public static final String SECRET = "guestbook-secret";
    public static final String OTHER_SECRET = "chess-secret-2";
    private static final String APPS = """
            apps:
              guestbook: {secret: %s, origins: ["http://allowed.example"]}
              chess: {secret: %s}
            """.formatted(SECRET, OTHER_SECRET);

    private final Gateway gateway;
    private final HttpClient client = HttpClient.newHttpClient();

    private RunningGateway(Gateway gateway) {
        this.gateway = gateway;
    }

    public static RunningGateway start(Path folder, String moreYaml) throws IOException, ConfigException {
        return start(folder, moreYaml, InstantSource.system());
    }

    public static RunningGateway start(Path folder, String moreYaml, InstantSource clock)
            throws IOException, ConfigException {
        return start(folder, moreYaml, clock, System::nanoTime, Map.of("CHANNEL_SHUTDOWN_SPREAD", "0s"));
    }

    /** @param environment scalar settings by their names as environment variables */
    public static RunningGateway start(
            Path folder, String moreYaml, InstantSource clock, LongSupplier ticker, Map<String, String> environment)
            throws IOException, ConfigException {
        LeakWatch.secret(SECRET);
        LeakWatch.secret(OTHER_SECRET);
        Path yaml = folder.resolve("channel.yaml");
        Files.writeString(yaml, APPS + moreYaml);
        CommandLine line = CommandLine.parse(
                "--config",
                yaml.toString(),
                "--data",
                folder.resolve("data").toString(),
                "--http",
                "127.0.0.1:0",
                "--xmpp",
                "127.0.0.1:0");
        return new RunningGateway(Gateway.start(SettingsLoader.load(line, environment), clock, ticker));
    }

    public InetSocketAddress xmpp() {
        return gateway.xmpp();
    }

    public URI uri() {
        return gateway.uri();
    }

    /** Where {@code /v1}, health and metrics are served. */
    public URI admin() {
        return gateway.admin();
    }

    /** How much waits for clients that do not read. */
    public long backlogBytes() {
        return gateway.backlog().bytes();
    }

    /** How many sessions listen. */
    public int subscribers() {
        return gateway.census().subscribers();
    }

    /** Counts its clients. */
    public Census census() {
        return gateway.census();
    }

    /** A request with the secret of the app guestbook, unless {@code headers} name another one. */
    public HttpResponse<String> send(String method, String path, String body, String... headers) {
        return send(method, path, BodyPublishers.ofString(body), headers);
    }

    public HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri() + path.substring(1)))
                .timeout(Duration.ofSeconds(20))
                .method(method, body)
                .setHeader("Authorization", "Bearer " + SECRET);
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public HttpResponse<String> json(String method, String path, String body) {
        return send(method, path, body, "Content-Type", "application/json");
    }

    public HttpResponse<String> text(String path, String body, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = "text/plain; charset=utf-8";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return send("POST", path, body, all);
    }

    @Override
    public void close() {
        gateway.close();
    }
}
