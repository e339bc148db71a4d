package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.channelgateway.api.ChannelClient;
import org.junit.jupiter.api.Test;

/** A gateway that allows less silence than {@link ChannelClient} does, and so is the one that asks for a sign of life. */
final class ChannelClientIdleIT {
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final String LOGINS = "gateway_connects_total{door=\"xmpp\"}";

    @Test
    void keepsTheLineOfAClientThatHasNothingToSay() {
        FixtureSettings settings = FixtureSettings.withoutPages().with("CHANNEL_XMPP_IDLE", IDLE.toSeconds() + "s");
        try (GatewayFixture gateway = GatewayFixture.start(settings);
                ChannelClient client = ChannelClient.connect(ClientFixture.guestbook(gateway)
                        .silence(IDLE.multipliedBy(10))
                        .build())) {
            client.sendMessage("idle", "m");
            double logins = Metrics.sum(gateway, LOGINS);

            await().atMost(IDLE.multipliedBy(3)).pollDelay(IDLE.plusSeconds(1)).until(client::isConnected);
            client.sendMessage("idle", "m");

            assertThat(logins).isEqualTo(1);
            assertThat(Metrics.sum(gateway, LOGINS)).isEqualTo(logins);
        }
    }
}
