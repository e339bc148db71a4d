package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;

final class PostgresCallbacksTest extends CallbacksContract {
    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Registry open(InstantSource time) {
        return database.open(time, LeaseLimits.NONE, new CallbackLimits(CALLBACKS));
    }

    /** It may be another one's, which is at it still: when its time is over. */
    @Override
    void queueWhatTheGatewayBeforeHadBegun() {
        assertThat(registry.callbacks().requeue()).isZero();
        clock.advance(MINUTE);
    }
}
