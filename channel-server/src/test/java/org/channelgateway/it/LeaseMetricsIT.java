package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is counted of leases and of their sweeps, by a gateway that starts without any. */
final class LeaseMetricsIT {
    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void untilLeasesAre(double count) {
        Metrics.until(gateway, "gateway_leases", leases -> leases == count);
    }

    @Test
    void aLeaseCountsUntilItIsRevokedOrOver() {
        untilLeasesAre(0);
        gateway.api().token("long");
        gateway.api().create("short", 1);
        untilLeasesAre(2);
        gateway.api().revoke("long");
        untilLeasesAre(1);
        gateway.clock().advance(Duration.ofSeconds(61)); // a lease ends at a whole second
        untilLeasesAre(0);
    }

    @Test
    void aSweepIsCountedWithWhatItRemoved() {
        gateway.api().create("one", 1);
        gateway.api().create("two", 1);
        gateway.clock().advance(Duration.ofSeconds(61));
        gateway.restart(); // the first sweep is at the start

        Metrics.until(gateway, "gateway_swept_leases_total", swept -> swept == 2);
        Metrics.until(gateway, "gateway_sweeps_total{result=\"done\"}", done -> done >= 1);
        Metrics seen = Metrics.of(gateway);
        assertThat(seen.find("gateway_sweeps_total{result=\"failed\"}")).hasValue(0);
        assertThat(seen.value("gateway_last_sweep_timestamp_seconds"))
                .isEqualTo(gateway.clock().instant().toEpochMilli() / 1000.0);
    }
}
