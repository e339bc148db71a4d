package org.channelgateway.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.Subscribers;
import org.channelgateway.http.Route;
import org.channelgateway.http.Routers;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryConfig;
import org.eclipse.jetty.server.LocalConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What HTTP says when the service or the registry cannot: the real ones, without a socket. */
final class RefusalsIT {
    private static final String APP = "guestbook";
    private static final int MOST_RECEIPTS = 500_000;
    private static final int BATCH = 1000;
    private static final Duration IDS_KEPT = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private Registry registry;
    private LocalConnector connector;

    @BeforeEach
    void start() throws Exception {
        registry = Registry.open(new RegistryConfig(folder), InstantSource.system());
        Subscribers nobody = new Subscribers(nanos::get);
        ChannelService channels =
                new ChannelService(registry.leases(), registry.secrets(), nobody, "localhost", nanos::get);
        AppSecrets secrets = new AppSecrets(Map.of(APP, "secret-of-the-test"));
        connector = Routers.connector(
                Stream.of(new ChannelRoutes(channels, secrets).routes(), new MessageRoutes(channels, secrets).routes())
                        .flatMap(List::stream)
                        .toArray(Route[]::new));
        connector.getServer().start();
    }

    @AfterEach
    void stop() throws Exception {
        connector.getServer().stop();
        registry.close();
    }

    private String post(String path, String type, String body, String id) throws Exception {
        return connector.getResponse("POST " + path
                + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer secret-of-the-test\r\n"
                + "Content-Type: " + type + "\r\nIdempotency-Key: " + id + "\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    @Test
    void whoSendsMoreWithIdsThanIsKeptIsToldWhenToComeAgain() throws Exception {
        String keys = IntStream.range(0, BATCH).mapToObj(i -> "\"k" + i + "\"").collect(Collectors.joining(","));
        String batch = "[{\"keys\":[" + keys + "],\"message\":\"m\"}]";
        for (int i = 0; i < MOST_RECEIPTS / BATCH; i++) {
            assertThat(post("/v1/messages", "application/json", batch, "id-" + i))
                    .startsWith("HTTP/1.1 202 ");
        }

        for (String refused : List.of(
                post("/v1/channels/key/messages", "text/plain", "message", "one-more"),
                post("/v1/messages", "application/json", batch, "one-more"))) {
            assertThat(refused)
                    .startsWith("HTTP/1.1 429 ")
                    .contains("Content-Type: application/problem+json\r\n", "Retry-After: 121\r\n")
                    .contains("id: more than 500000 messages with one within 2 minutes (expected: fewer)");
        }
        assertThat(post("/v1/messages", "application/json", batch, "id-0"))
                .as("a repeat")
                .startsWith("HTTP/1.1 202 ");

        nanos.addAndGet(IDS_KEPT.plusSeconds(1).toNanos());
        assertThat(post("/v1/channels/key/messages", "text/plain", "message", "one-more"))
                .startsWith("HTTP/1.1 202 ");
    }

    @Test
    void whoNeedsARegistryThatIsGoneIsToldWhenToComeAgainAndNotWhy() throws Exception {
        registry.close();

        assertThat(post("/v1/channels", "application/json", "{\"key\":\"key\"}", "x"))
                .startsWith("HTTP/1.1 503 ")
                .contains("Content-Type: application/problem+json\r\n")
                .containsPattern("Retry-After: ([5-9]|10)\r\n")
                .endsWith("\"detail\":\"the registry cannot be reached now\"}");
        assertThat(post("/v1/channels/key/messages", "text/plain", "message", "x"))
                .as("a message, which needs none")
                .startsWith("HTTP/1.1 202 ");
    }
}
