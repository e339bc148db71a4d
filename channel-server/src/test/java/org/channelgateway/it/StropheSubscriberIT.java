package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.channelgateway.it.ChannelApi.Created;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A subscriber with Strophe in Node, which logs in by itself instead of through {@code /_ah/channel/connect}. */
final class StropheSubscriberIT {
    private static GatewayFixture gateway;

    private final String key = "strophe/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void asksWhatChatClientsAskAndReceivesTheHeadlinesOfItsKey() {
        try (ClientProgram subscriber =
                ClientProgram.strophe(gateway.uri(), gateway.api().create(key))) {
            assertThat(subscriber.answers().orTimeout(30, TimeUnit.SECONDS).join())
                    .isEqualTo(Map.of(
                            "roster", "result",
                            "disco", "result",
                            "carbons", "service-unavailable",
                            "vCard", "service-unavailable",
                            "ping", "result"));

            assertThat(gateway.api().send(key, "a <headline>")).isEqualTo(1);

            await().untilAsserted(() -> assertThat(subscriber.texts()).containsExactly("a <headline>"));
            assertThat(subscriber.statuses()).contains("CONNECTED").doesNotContain("DISCONNECTED");
        }
    }

    @Test
    void isGoneAtOnceWhenItDisconnects() {
        ClientProgram subscriber =
                ClientProgram.strophe(gateway.uri(), gateway.api().create(key));
        subscriber.answers().orTimeout(30, TimeUnit.SECONDS).join();
        assertThat(gateway.api().subscribers(key)).hasValue(1);

        subscriber.close();

        await().untilAsserted(() -> assertThat(gateway.api().subscribers(key)).hasValue(0));
        assertThat(subscriber.statuses()).endsWith("DISCONNECTED");
    }

    @Test
    void isRefusedWithAWrongToken() {
        Created channel = gateway.api().create(key);
        try (ClientProgram stranger = ClientProgram.strophe(gateway.uri(), new Created("ct_wrong", channel.jid()))) {
            await().until(() -> stranger.statuses().contains("AUTHFAIL"));
        }
    }

    @Test
    void isToldThatItIsEndedWhenItsTokenIsRevoked() {
        try (ClientProgram subscriber =
                ClientProgram.strophe(gateway.uri(), gateway.api().create(key))) {
            subscriber.answers().orTimeout(30, TimeUnit.SECONDS).join();

            gateway.api().revoke(key);

            await().until(() -> subscriber.statuses().contains("DISCONNECTED"));
            // Strophe pauses between two polls; then the session is gone when it asks again
            assertThat(subscriber.condition("CONNFAIL")).isIn("remote-stream-error", "item-not-found");
        }
    }
}
