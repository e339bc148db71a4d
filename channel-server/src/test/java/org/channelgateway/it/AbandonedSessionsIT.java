package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.channelgateway.server.Census;
import org.channelgateway.server.RunningGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that somebody opens and never comes back to (XEP-0124 §10): many, and nothing of them is left. */
final class AbandonedSessionsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MANY = 300;

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // made before each test
    private RunningGateway gateway;

    /** How far the gateway's ticker is ahead. */
    private final AtomicLong ahead = new AtomicLong();

    @BeforeEach
    void start() throws Exception {
        gateway = RunningGateway.start(
                folder,
                "limits: {bindTime: 1h}\n",
                InstantSource.system(),
                () -> System.nanoTime() + ahead.get(),
                Map.of("CHANNEL_SHUTDOWN_SPREAD", "0s"));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void create() {
        assertThat(gateway.text(
                                "/http-bind",
                                "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='localhost' wait='60' hold='1'/>")
                        .body())
                .contains(" sid='");
    }

    @Test
    void areGoneAfterTheInactivityAndOthersAreServedMeanwhile() throws Exception {
        for (int i = 0; i < MANY; i++) {
            create();
        }
        assertThat(gateway.census().boshSessions()).isEqualTo(MANY);
        JsonNode lease = JSON.readTree(
                gateway.json("POST", "/v1/channels", "{\"key\":\"key\"}").body());
        BoshClient client = new BoshClient(gateway.uri(), WireClient.DOMAIN);
        client.login(
                "",
                WireClient.localpart(lease.path("jid").textValue()),
                lease.path("token").textValue());
        client.bind();
        client.terminate();

        ahead.addAndGet(Duration.ofSeconds(150).toNanos());
        await().until(() -> gateway.census().equals(Census.NOBODY));
    }
}
