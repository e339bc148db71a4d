package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class PostgresPresencesTest extends PresencesContract {
    private static final ChannelKey KEY = ChannelKey.of("user-42");

    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Registry open(InstantSource time) {
        return database.open(time, LeaseLimits.NONE, new CallbackLimits(CALLBACKS));
    }

    /** Whichever gateway hears of it, and whichever others are written with it. */
    @Test
    void tellsOnceOfASessionThatSeveralHearOf() throws Exception {
        PresenceId id = arrive(KEY);
        try (Registry second = open(clock)) {
            List<Registry> both = List.of(registry, second);
            AtomicInteger next = new AtomicInteger();
            List<Integer> unused = Together.run(8, () -> {
                int i = next.getAndIncrement();
                both.get(i % 2).presences().arrive(id, APP, KEY);
                both.get(i % 2).presences().arrive(PresenceId.random(new SecureRandom()), APP, ChannelKey.of("k" + i));
                return i;
            });
        }
        assertThat(registry.presences().count()).isEqualTo(9);
        assertThat(told()).hasSize(9).containsOnly("connected");
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
