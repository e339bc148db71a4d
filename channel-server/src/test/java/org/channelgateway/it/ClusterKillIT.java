package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import org.channelgateway.fixture.PostgresServer;
import org.junit.jupiter.api.Test;

/** One of two gateways is killed while it holds a poll: the page repeats the poll at the other one and misses nothing. */
final class ClusterKillIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "killed";

    private final HttpClient http = ChannelApi.client();

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

    @Test
    void thePageGoesOnAtTheOtherGateway() throws Exception {
        try (ClusterServers servers = new ClusterServers(PostgresServer.shared());
                ClusterProcesses gateways = new ClusterProcesses(servers, "https://www.example.org")) {
            GatewayProcess killed = gateways.first();
            GatewayProcess other = gateways.second();
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
