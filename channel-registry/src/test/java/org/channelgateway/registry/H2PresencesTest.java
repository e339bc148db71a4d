package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class H2PresencesTest extends PresencesContract {
    @TempDir
    Path data;

    @Override
    Registry open(InstantSource time) {
        return Registry.open(new RegistryConfig(data, LeaseLimits.NONE, new CallbackLimits(CALLBACKS)), time);
    }

    @Test
    void givesSessionsThatWereLostWithTheGatewayTimeToComeBack() {
        IntStream.range(0, 600).forEach(i -> arrive(ChannelKey.of("k" + i)));
        told();
        reopen();

        assertThat(registry.presences().departAll(GRACE)).isEqualTo(600);
        assertThat(registry.presences().departAll(GRACE)).isZero();
        IntStream.range(0, 500).forEach(i -> arrive(ChannelKey.of("k" + i)));
        assertThat(told()).isEmpty();
        clock.advance(GRACE);
        assertThat(told()).hasSize(100).containsOnly("disconnected");
        assertThat(registry.presences().count()).isEqualTo(500);
    }
}
