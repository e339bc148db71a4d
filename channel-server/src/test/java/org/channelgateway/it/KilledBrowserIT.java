package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A browser that dies says nothing: its sessions end when nothing has come for the inactivity time. */
final class KilledBrowserIT {
    private static final String KEY = "killed";
    private static final Duration INACTIVITY = Duration.ofSeconds(4);
    /** The gateway's own ticks, and what it takes to ask on a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    @Test
    void endsTheSessionsOfAKilledBrowserWithinTheInactivityTime() {
        try (PageServer pages = new PageServer();
                GatewayFixture gateway = GatewayFixture.start(FixtureSettings.pagesOf(pages)
                        .with("CHANNEL_BOSH_WAIT", "60s")
                        .with("CHANNEL_BOSH_INACTIVITY", INACTIVITY.toSeconds() + "s"));
                Browser killed = new Browser()) {
            for (int i = 0; i < 2; i++) {
                killed.open(pages.page(gateway.uri()))
                        .open(gateway.api().token(KEY))
                        .awaitOpen();
            }
            await().untilAsserted(
                            () -> assertThat(gateway.api().subscribers(KEY)).hasValue(2));

            killed.kill();

            await().atMost(INACTIVITY.plus(SLACK))
                    .untilAsserted(
                            () -> assertThat(gateway.api().subscribers(KEY)).hasValue(0));
        }
    }
}
