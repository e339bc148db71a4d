package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten thousand sessions, and a heap that has no room for what they would like to keep: a process of its own that ends at once when its
 * memory does not suffice.
 */
@Timeout(300)
final class ManySlowReadersIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int KEYS = 1000;
    private static final int SESSIONS_OF_KEY = 10;
    private static final int SESSIONS = KEYS * SESSIONS_OF_KEY;
    /** Two of them in one answer that is kept for a repeat: 240 MB for all sessions. */
    private static final String READ = "r".repeat(12_000);

    private static final String UNREAD = "u".repeat(10_000);
    /** Unread ones, 10 MB each for all keys. */
    private static final int ROUNDS = 25;

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // made before each test
    private GatewayProcess gateway;

    private final HttpClient http = ChannelApi.client();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    @BeforeEach
    void start() throws IOException {
        gateway = new GatewayProcess(
                folder.resolve("data"),
                List.of("-Xmx192m", "-XX:+ExitOnOutOfMemoryError"),
                Map.of("CHANNEL_LIMITS_SESSIONSPERSECOND", "10000000"));
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        gateway.close();
    }

    private String post(String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri().resolve(path))
                .POST(BodyPublishers.ofString(body))
                .build();
        return ChannelApi.send(http, request).body();
    }

    private JsonNode connect(String token) {
        try {
            return JSON.readTree(post("_ah/channel/connect", token));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String poll(JsonNode session) {
        return "<body xmlns='http://jabber.org/protocol/httpbind' sid='"
                + session.path("sid").textValue() + "' rid='"
                + session.path("rid").longValue() + "'/>";
    }

    /** Opens the sessions of a key; each reads once, and never again. */
    private void open(String key) {
        String token = gateway.api().token(key);
        List<JsonNode> sessions = IntStream.range(0, SESSIONS_OF_KEY)
                .mapToObj(i -> connect(token))
                .toList();
        await().until(() -> sendToAll(List.of(key), READ) == 202);
        await().until(() -> sendToAll(List.of(key), READ) == 202);
        for (JsonNode session : sessions) {
            assertThat(post("http-bind", poll(session))).hasSizeGreaterThan(2 * READ.length());
        }
    }

    private int sendToAll(List<String> keys, String message) {
        ArrayNode batch = JSON.createArrayNode();
        ArrayNode to = batch.addObject().put("message", message).putArray("keys");
        keys.forEach(to::add);
        URI uri = gateway.uri().resolve("v1/messages");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + gateway.api().secret())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(batch.toString()))
                .build();
        int status = ChannelApi.send(http, request).statusCode();
        assertThat(status).isIn(202, 503);
        return status;
    }

    private Metrics metrics() {
        return Metrics.of(gateway.uri());
    }

    @Test
    void tenThousandSessionsThatStopReadingCostABoundedMemoryAndNobodyElseAnything() throws Exception {
        List<String> keys = IntStream.range(0, KEYS).mapToObj(i -> "key-" + i).toList();
        List<Future<?>> opened = new ArrayList<>();
        keys.forEach(key -> opened.add(threads.submit(() -> open(key))));
        for (Future<?> one : opened) {
            one.get();
        }
        assertThat(metrics().value("gateway_sessions{state=\"bound\",transport=\"bosh\"}"))
                .as("those that read what they were sent, however much is kept of it")
                .isEqualTo(SESSIONS);
        TcpClient bystander = new TcpClient(gateway.xmpp());
        ChannelApi.Created lease = gateway.api().create("bystander");
        bystander.login("", WireClient.localpart(lease.jid()), lease.token());
        bystander.bind();

        for (int round = 0; round < ROUNDS; round++) {
            int refused = sendToAll(keys, UNREAD);
            assertThat(refused).isIn(202, 503);
            String message = "round " + round;
            await().until(() -> sendToAll(List.of("bystander"), message) == 202);
            assertThat(WireClient.find(bystander.next(), "body").get(0).getTextContent())
                    .isEqualTo(message);
        }

        assertThat(gateway.isAlive()).isTrue();
        assertThat(metrics().value("gateway_slow_consumers_total{transport=\"bosh\"}"))
                .isPositive();
        assertThat(metrics().value("gateway_subscribed_sessions")).isBetween(1.0, SESSIONS + 1.0);
    }
}
