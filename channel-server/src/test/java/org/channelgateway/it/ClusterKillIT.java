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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.channelgateway.fixture.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of two gateways is killed while it holds a poll: the page repeats the poll at the other one and misses nothing. */
final class ClusterKillIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET = "secret-of-the-killed";
    private static final String KEY = "killed";

    private final HttpClient http = ChannelApi.client();

    @TempDir
    Path folder;

    private GatewayProcess gateway(ClusterServers servers, String name) throws IOException {
        Path settings = Files.writeString(
                folder.resolve(name + ".yaml"), "apps: {guestbook: {secret: " + SECRET + "}}\n" + servers.settings());
        return new GatewayProcess(
                List.of(
                        "--config",
                        settings.toString(),
                        "--data",
                        folder.resolve(name).toString(),
                        "--http",
                        "127.0.0.1:0"),
                SECRET);
    }

    private static HttpRequest post(URI to, String body) {
        return HttpRequest.newBuilder(to)
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private HttpRequest poll(URI gateway, JsonNode session) {
        return post(
                gateway.resolve(session.path("path").textValue()),
                "<body xmlns='http://jabber.org/protocol/httpbind' rid='"
                        + session.path("rid").longValue() + "' sid='"
                        + session.path("sid").textValue() + "'/>");
    }

    private void awaitReady(GatewayProcess gateway) {
        HttpRequest ready =
                HttpRequest.newBuilder(gateway.uri().resolve("readyz")).build();
        await().until(() -> ChannelApi.send(http, ready).statusCode() == 200);
    }

    @Test
    void thePageGoesOnAtTheOtherGateway() throws Exception {
        try (ClusterServers servers = new ClusterServers(PostgresServer.shared());
                GatewayProcess killed = gateway(servers, "killed");
                GatewayProcess other = gateway(servers, "other")) {
            awaitReady(killed);
            awaitReady(other);
            String token = other.api().token(KEY);
            JsonNode session =
                    JSON.readTree(ChannelApi.send(http, post(killed.uri().resolve("_ah/channel/connect"), token))
                            .body());
            CompletableFuture<HttpResponse<String>> held =
                    http.sendAsync(poll(killed.uri(), session), BodyHandlers.ofString());

            killed.kill();

            await().until(held::isCompletedExceptionally);
            CompletableFuture<HttpResponse<String>> again =
                    http.sendAsync(poll(other.uri(), session), BodyHandlers.ofString());
            assertThat(other.api().send(KEY, "goes on")).isEqualTo(1);
            assertThat(again.get().body()).contains("goes on");
        }
    }
}
