package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class PostgresCallbacksTest extends CallbacksContract {
    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Registry open(InstantSource time) {
        return database.open(time, LeaseLimits.NONE, new CallbackLimits(CALLBACKS));
    }

    @Test
    void leavesRowsToWhoeverRemovesThemAlready() {
        String held = callbacks().receive(APP, ChannelKey.of("a"), "hello");
        callbacks().receive(APP, ChannelKey.of("b"), "hello");
        claim(10).forEach(this::complete);
        Instant later = clock.instant().plusSeconds(1);

        boolean more = registry.database().inTransaction(session -> {
            assertThat(session.update("UPDATE callbacks SET due = due WHERE name = ?", held))
                    .isEqualTo(1);
            return callbacks().sweep(later, later);
        });

        assertThat(more).isFalse();
        assertThat(callbacks().list(APP, null, 0, 10))
                .extracting(Callback::name)
                .containsExactly(held);
    }

    /** It may be another one's, which is at it still: when its time is over. */
    @Override
    void queueWhatTheGatewayBeforeHadBegun() {
        assertThat(registry.callbacks().requeue()).isZero();
        clock.advance(MINUTE);
    }
}
