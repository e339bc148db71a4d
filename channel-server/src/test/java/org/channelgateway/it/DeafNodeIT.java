package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import org.channelgateway.fixture.PostgresServer;
import org.channelgateway.server.Gateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A gateway with two nodes of ejabberd in its settings, of which one takes connections and never answers. */
final class DeafNodeIT {
    private static final Duration START = Duration.ofSeconds(60); // on a slow machine
    /** How long a node that did not answer is not tried, as docs/scale-out.md has it. */
    private static final Duration REST = Duration.ofSeconds(10);

    private static final int PAGES = 10;

    private static ClusterServers servers;
    private static DeafServer deaf;
    private static DeafServer deafBosh;
    private static GatewayFolder folder;
    private static Gateway gateway;

    private final HttpClient http = ChannelApi.client();

    @BeforeAll
    static void start() {
        servers = new ClusterServers(PostgresServer.shared());
        deaf = new DeafServer();
        deafBosh = new DeafServer();
        String settings = servers.settings()
                + "    deaf: {bosh: \"http://127.0.0.1:%d/http-bind\", component: \"127.0.0.1:%d\", c2s: \"127.0.0.1:%d\"}%n"
                        .formatted(deafBosh.port(), deaf.port(), deaf.port());
        folder = new GatewayFolder(FixtureSettings.withoutPages(), settings);
        gateway = folder.start("gateway", 0, 0, InstantSource.system());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        folder.close();
        deafBosh.close();
        deaf.close();
        servers.close();
    }

    private HttpResponse<String> connect(String token) {
        URI connect = gateway.uri().resolve("_ah/channel/connect");
        return ChannelApi.send(
                http,
                HttpRequest.newBuilder(connect)
                        .header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString(token))
                        .build());
    }

    private boolean isReady() {
        HttpRequest ready =
                HttpRequest.newBuilder(gateway.uri().resolve("readyz")).build();
        return ChannelApi.send(http, ready).statusCode() == 200;
    }

    @Test
    void attachesToTheOtherNodeAndHasOnePageAtATimeTryTheDeafOne() {
        await().atMost(START).until(this::isReady);
        String token = folder.api(gateway, "gateway").token("page");
        long start = System.nanoTime();
        for (int i = 0; i < PAGES; i++) {
            HttpResponse<String> answer = connect(token);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("/http-bind/one/");
        }
        long rests = (System.nanoTime() - start) / REST.toNanos();
        assertThat(deafBosh.asked()).isLessThanOrEqualTo((int) rests + 1);
    }
}
