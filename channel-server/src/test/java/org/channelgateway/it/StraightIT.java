package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.UUID;
import org.channelgateway.nginx.NginxProcess;
import org.junit.jupiter.api.Test;

/** The template for comparison: a session that a gateway has made, whose polls nginx sends to ejabberd itself. */
final class StraightIT {
    private final String key = "straight/" + UUID.randomUUID();

    @Test
    void bringsAMessageByAPollThatNoGatewaySees() throws Exception {
        try (ClusterGateway gateways = new ClusterGateway(FixtureSettings.withoutPages());
                NginxProcess nginx = new NginxProcess(
                        "straight",
                        Map.of("NGINX_EJABBERD", gateways.ejabberd().bosh().getAuthority()),
                        gateways.uri(),
                        gateways.other());
                HeldPoll page = new HeldPoll(nginx.uri(), gateways.api().token(key))) {
            await().until(() -> gateways.api().send(key, "Hello") == 1);

            assertThat(page.answer()).contains("Hello");
            assertThat(Metrics.of(gateways.uri()).value("gateway_held_polls")).isZero();
            assertThat(Metrics.of(gateways.other()).value("gateway_held_polls")).isZero();
        }
    }
}
