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
    private static final Duration RECOVERY = Duration.ofSeconds(60); // on a slow machine
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

    private HttpResponse<String> create() {
        return ChannelApi.send(
                http, post(gateway.uri().resolve("v1/channels"), "application/json", "{\"key\":\"" + key + "\"}"));
    }

    private HttpResponse<String> publish(String message) {
        return ChannelApi.send(
                http, post(gateway.other().resolve("v1/channels/" + key + "/messages"), "text/plain", message));
    }

    private HttpResponse<String> connect(String token) {
        return ChannelApi.send(http, post(gateway.uri().resolve("_ah/channel/connect"), "text/plain", token));
    }

    private CompletableFuture<HttpResponse<String>> poll(JsonNode session) {
        String body = "<body xmlns='http://jabber.org/protocol/httpbind' rid='"
                + session.path("rid").longValue() + "' sid='"
                + session.path("sid").textValue() + "'/>";
        return http.sendAsync(
                post(gateway.uri().resolve(session.path("path").textValue()), "text/xml", body),
                BodyHandlers.ofString());
    }

    private void isUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
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
        assertThat(held.join().statusCode()).isIn(200, 503);
        servers.ejabberd().start();
        receivesAgain();
        HttpResponse<String> old = poll(session).join();
        assertThat(old.statusCode()).isEqualTo(200);
        assertThat(old.body()).contains("item-not-found");
    }

    @Test
    void postgresStopsAndHeldPollsStay() throws IOException {
        CompletableFuture<HttpResponse<String>> held = poll(session());

        postgres.stop();

        isUnavailable(create());
        isUnavailable(publish("lost"));
        assertThat(held).isNotDone();
        postgres.start();
        await().atMost(RECOVERY).until(() -> create().statusCode() == 201);
        await().atMost(RECOVERY).until(() -> publish("back").statusCode() == 202);
        assertThat(held.join().body()).contains("back").doesNotContain("lost");
        receivesAgain();
    }

    @Test
    void postgresHangsAndHeldPollsStay() throws IOException {
        CompletableFuture<HttpResponse<String>> held = poll(session());

        postgres.hang();

        isUnavailable(create());
        isUnavailable(publish("lost"));
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
