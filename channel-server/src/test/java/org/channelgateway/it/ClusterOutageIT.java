package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.RefusedException;
import org.channelgateway.api.UnreachableException;
import org.channelgateway.fixture.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The servers of a cluster go away, hang, and come back; the gateways stay. */
final class ClusterOutageIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration RECOVERY = Duration.ofSeconds(30);
    /** Two seconds, and one for a slow machine. */
    private static final Duration REFUSAL = Duration.ofSeconds(3);

    private static final int AT_ONCE = 60;
    private static PostgresServer postgres;
    private static ClusterServers servers;
    private static ClusterGateway gateway;

    private final HttpClient http = ChannelApi.client();
    private final String key = "outage" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        postgres = new PostgresServer();
        servers = new ClusterServers(postgres);
        gateway = new ClusterGateway(FixtureSettings.withoutPages(), servers);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        servers.close();
        postgres.close();
    }

    private HttpRequest post(URI to, String type, String body) {
        return HttpRequest.newBuilder(to)
                .header("Authorization", "Bearer " + gateway.api().secret())
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private HttpRequest creation() {
        return post(gateway.uri().resolve("v1/channels"), "application/json", "{\"key\":\"" + key + "\"}");
    }

    private HttpRequest publication(URI to, String message) {
        return post(to.resolve("v1/channels/" + key + "/messages"), "text/plain", message);
    }

    private HttpRequest connection(String token) {
        return post(gateway.uri().resolve("_ah/channel/connect"), "text/plain", token);
    }

    private HttpResponse<String> create() {
        return ChannelApi.send(http, creation());
    }

    private HttpResponse<String> publish(String message) {
        return ChannelApi.send(http, publication(gateway.other(), message));
    }

    private HttpResponse<String> connect(String token) {
        return ChannelApi.send(http, connection(token));
    }

    private CompletableFuture<HttpResponse<String>> poll(JsonNode session) {
        String body = "<body xmlns='http://jabber.org/protocol/httpbind' rid='"
                + session.path("rid").longValue() + "' sid='"
                + session.path("sid").textValue() + "'/>";
        return http.sendAsync(
                post(gateway.uri().resolve(session.path("path").textValue()), "text/xml", body),
                BodyHandlers.ofString());
    }

    private static void isUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    private record Timed(HttpResponse<String> answer, Duration time) {
        void isRefusedSoon() {
            isUnavailable(answer);
            assertThat(time).as(answer.body()).isLessThan(REFUSAL);
        }
    }

    private CompletableFuture<Timed> timed(HttpRequest request) {
        long start = System.nanoTime();
        return http.sendAsync(request, BodyHandlers.ofString())
                .thenApply(answer -> new Timed(answer, Duration.ofNanos(System.nanoTime() - start)));
    }

    /** Many of each at once, at a gateway that does not know yet, and then one after the other. */
    private void allIsRefusedSoon(String token) {
        List<CompletableFuture<Timed>> many = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            many.add(timed(creation()));
            many.add(timed(connection(token)));
            many.add(timed(publication(gateway.uri(), "lost")));
        }
        many.forEach(one -> one.join().isRefusedSoon());
        timed(connection(token)).join().isRefusedSoon();
        timed(creation()).join().isRefusedSoon();
        timed(publication(gateway.other(), "lost")).join().isRefusedSoon();
        isNotReady(gateway.uri(), "database");
        isNotReady(gateway.other(), "database");
    }

    private void isNotReady(URI at, String reason) {
        HttpRequest ready = HttpRequest.newBuilder(at.resolve("readyz")).build();
        HttpResponse<String> answer = ChannelApi.send(http, ready);
        isUnavailable(answer);
        assertThat(answer.body()).contains("not ready: " + reason);
    }

    private JsonNode session() throws IOException {
        return JSON.readTree(connect(gateway.api().token(key)).body());
    }

    private void receivesAgain() {
        await().atMost(RECOVERY).ignoreExceptions().untilAsserted(() -> {
            JsonNode again = session();
            CompletableFuture<HttpResponse<String>> held = poll(again);
            assertThat(publish("after " + again.path("jid").textValue()).statusCode())
                    .isEqualTo(202);
            assertThat(held.join().body()).contains("after " + again.path("jid").textValue());
        });
    }

    @Test
    void ejabberdIsKilledAndComesBack() throws IOException {
        JsonNode session = session();
        CompletableFuture<HttpResponse<String>> held = poll(session);

        servers.ejabberd().kill();

        await().atMost(RECOVERY).untilAsserted(() -> isUnavailable(publish("to nobody")));
        isUnavailable(connect(gateway.api().token(key)));
        isNotReady(gateway.uri(), "backend");
        assertThat(held.join().statusCode()).isIn(200, 503);
        servers.ejabberd().start();
        receivesAgain();
        HttpResponse<String> old = poll(session).join();
        assertThat(old.statusCode()).isEqualTo(200);
        assertThat(old.body()).contains("item-not-found");
    }

    @Test
    void postgresStopsAndHeldPollsStay() throws IOException {
        String token = gateway.api().token(key);
        CompletableFuture<HttpResponse<String>> held = poll(session());

        postgres.stop();

        allIsRefusedSoon(token);
        assertThat(held).isNotDone();
        postgres.start();
        await().atMost(RECOVERY).until(() -> create().statusCode() == 201);
        await().atMost(RECOVERY).until(() -> publish("back").statusCode() == 202);
        assertThat(held.join().body()).contains("back").doesNotContain("lost");
        receivesAgain();
    }

    @Test
    void postgresHangsAndHeldPollsStay() throws IOException {
        String token = gateway.api().token(key);
        CompletableFuture<HttpResponse<String>> held = poll(session());

        postgres.hang();

        allIsRefusedSoon(token);
        assertThat(held).isNotDone();
        postgres.goOn();
        await().atMost(RECOVERY).until(() -> create().statusCode() == 201);
        await().atMost(RECOVERY).until(() -> publish("back").statusCode() == 202);
        assertThat(held.join().body()).contains("back").doesNotContain("lost");
        receivesAgain();
    }

    /** For ejabberd an account that it cannot look up is one that does not exist. */
    @Test
    void aClientThatLosesItsConnectionWhilePostgresIsAwayIsRefusedAndComesBack() throws IOException {
        URI c2s = URI.create("xmpp://127.0.0.1:" + gateway.xmpp().getPort());
        try (CuttableProxy network = new CuttableProxy(c2s);
                ChannelClient client = ChannelClient.connect(
                        ClientFixture.guestbook(gateway, network.uri().getPort())
                                .timeout(Duration.ofSeconds(5))
                                .build())) {
            assertThat(client.sendMessage(key, "before").receivers()).isZero();
            CompletableFuture<HttpResponse<String>> held = poll(session());

            postgres.stop();
            try {
                network.drop();
                await().atMost(RECOVERY)
                        .untilAsserted(() -> assertThatExceptionOfType(UnreachableException.class)
                                .isThrownBy(() -> client.sendMessage(key, "lost"))
                                .withMessageContaining(", refused: not-authorized")
                                .withMessageEndingWith("; it was not sent"));
            } finally {
                postgres.start();
            }

            await().atMost(RECOVERY).until(client::isConnected);
            await().atMost(RECOVERY) // it may be back sooner than the gateways
                    .ignoreExceptionsInstanceOf(RefusedException.class)
                    .until(() -> client.sendMessage(key, "back").receivers() == 1);
            assertThat(held.join().body()).contains("back").doesNotContain("lost");
            receivesAgain();
        }
    }
}
