package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class PostgresPresencesTest extends PresencesContract {
    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Registry open(InstantSource time) {
        return database.open(time, LeaseLimits.NONE, new CallbackLimits(CALLBACKS));
    }

    /** They are at the server that the gateways share. */
    @Test
    void keepsSessionsThatGoOnWithoutTheGateway() {
        PresenceId unused = arrive(ChannelKey.of("k"));
        assertThat(told()).containsExactly("connected");
        reopen();

        assertThat(registry.presences().departAll(GRACE)).isZero();
        clock.advance(GRACE);
        assertThat(told()).isEmpty();
        assertThat(registry.presences().count()).isEqualTo(1);
    }
}
