package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

final class H2CallbacksTest extends CallbacksContract {
    @TempDir
    Path data;

    @Override
    Registry open(InstantSource time) {
        return Registry.open(new RegistryConfig(data, LeaseLimits.NONE, new CallbackLimits(CALLBACKS)), time);
    }

    /** It was this one's. */
    @Override
    void queueWhatTheGatewayBeforeHadBegun() {
        assertThat(registry.callbacks().requeue()).isEqualTo(1);
    }
}
