package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.channelgateway.cluster.EjabberdProcess;
import org.channelgateway.cluster.JoinedNodes;
import org.channelgateway.fixture.PostgresServer;
import org.channelgateway.nginx.NginxProcess;
import org.channelgateway.nginx.SelfSigned;
import org.channelgateway.server.Gateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two joined nodes of ejabberd behind two gateways and nginx, of which one is killed under its subscribers, or hangs. */
final class LostNodeIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration RECOVERY = Duration.ofSeconds(60); // on a slow machine
    private static final String KEY = "of both nodes";

    private static JoinedNodes nodes;
    private static ClusterServers servers;
    private static GatewayFolder folder;
    private static Gateway one;
    private static Gateway two;
    private static NginxProcess nginx;
    private static ChannelApi api;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(SelfSigned.trusting())
            .build();

    @BeforeAll
    static void start() {
        List<JoinedNodes> started = new ArrayList<>(1);
        servers = new ClusterServers(PostgresServer.shared(), config -> {
            started.add(new JoinedNodes(config));
            return started.get(0).first();
        });
        nodes = started.get(0);
        String settings = servers.settings() + ClusterServers.node("two", nodes.second());
        folder = new GatewayFolder(FixtureSettings.withoutPages(), settings);
        one = folder.start("one", 0, 0, InstantSource.system());
        two = folder.start("two", 0, 0, InstantSource.system());
        nginx = new NginxProcess("cluster", Map.of("NGINX_EXEMPT", "127.0.0.1"), one.uri(), two.uri());
        api = new ChannelApi(nginx.inside(), folder.api(one, "one").secret());
    }

    @AfterAll
    static void stop() {
        nginx.close();
        one.close();
        two.close();
        folder.close();
        nodes.close();
    }

    private HttpResponse<String> post(String path, String body) {
        return ChannelApi.send(http, request(path, body));
    }

    private static HttpRequest request(String path, String body) {
        return HttpRequest.newBuilder(nginx.uri().resolve(path))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private JsonNode connect(String token) throws IOException {
        return JSON.readTree(post("/_ah/channel/connect", token).body());
    }

    /** Which node makes a session is left to chance. */
    private JsonNode connectedTo(String node, String token) {
        return await().atMost(RECOVERY)
                .until(() -> connect(token), session -> path(session).startsWith("/http-bind/" + node + "/"));
    }

    private static String path(JsonNode session) {
        return session.path("path").asText();
    }

    private CompletableFuture<HttpResponse<String>> poll(JsonNode session, int ahead) {
        String body = "<body xmlns='http://jabber.org/protocol/httpbind' rid='"
                + (session.path("rid").longValue() + ahead) + "' sid='"
                + session.path("sid").textValue() + "'/>";
        return http.sendAsync(request(path(session), body), BodyHandlers.ofString());
    }

    private boolean isReady(Gateway gateway) {
        URI ready = gateway.uri().resolve("readyz");
        return ChannelApi.send(http, HttpRequest.newBuilder(ready).build()).statusCode() == 200;
    }

    private static void publish(String message) {
        await().atMost(RECOVERY)
                .untilAsserted(() -> assertThat(api.send(KEY, message)).isGreaterThanOrEqualTo(2));
    }

    @Test
    void theSubscribersOfALostNodeAreToldSoAndGoOnAtTheOther() throws IOException {
        await().atMost(RECOVERY).until(() -> isReady(one) && isReady(two));
        String token = api.token(KEY);
        JsonNode staying = connectedTo("one", token);
        JsonNode losing = connectedTo("two", token);
        CompletableFuture<HttpResponse<String>> ofFirst = poll(staying, 0);
        CompletableFuture<HttpResponse<String>> ofSecond = poll(losing, 0);
        publish("to both");
        assertThat(ofFirst.join().body()).contains("to both");
        assertThat(ofSecond.join().body()).contains("to both");
        CompletableFuture<HttpResponse<String>> held = poll(staying, 1);
        CompletableFuture<HttpResponse<String>> broken = poll(losing, 1);

        EjabberdProcess lost = nodes.second();
        lost.kill();

        assertThat(broken.join().statusCode()).isIn(200, 503); // never a 4xx, which a page would not come back from
        await().atMost(RECOVERY)
                .until(
                        () -> poll(losing, 1).join(),
                        answer -> answer.statusCode() == 200 && answer.body().contains("item-not-found"));
        JsonNode again = connectedTo("one", token);
        CompletableFuture<HttpResponse<String>> heldAgain = poll(again, 0);
        await().atMost(RECOVERY).until(() -> isReady(one) && isReady(two));
        assertThat(held).as("the poll at the other node").isNotDone();
        publish("to those who are left");
        assertThat(held.join().body()).contains("to those who are left");
        assertThat(heldAgain.join().body()).contains("to those who are left");

        lost.start(); // it is of the cluster again by itself
        JsonNode back = connectedTo("two", token);
        CompletableFuture<HttpResponse<String>> heldBack = poll(back, 0);
        publish("to whoever came back");
        assertThat(heldBack.join().body()).contains("to whoever came back");
    }

    /** For less than the minute after which nodes take each other for lost. */
    @Test
    void pagesConnectAtTheOtherNodeWhileOneHangs() throws IOException {
        await().atMost(RECOVERY).until(() -> isReady(one) && isReady(two));
        String token = api.token(KEY);
        JsonNode meanwhile;
        nodes.second().hang();
        try {
            meanwhile = connect(token);
        } finally {
            nodes.second().goOn();
        }
        assertThat(path(meanwhile)).startsWith("/http-bind/one/");

        JsonNode after = connectedTo("two", token);
        CompletableFuture<HttpResponse<String>> ofFirst = poll(meanwhile, 0);
        CompletableFuture<HttpResponse<String>> ofSecond = poll(after, 0);
        publish("when it goes on");
        assertThat(ofFirst.join().body()).contains("when it goes on");
        assertThat(ofSecond.join().body()).contains("when it goes on");
    }
}
