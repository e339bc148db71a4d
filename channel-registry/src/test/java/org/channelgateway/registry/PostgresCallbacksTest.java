package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.channelgateway.registry.Callback.Outcome;
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

    /** Of their gateways one may be ahead of the other one. */
    @Test
    void isClaimedInTheOrderInWhichItCameWhateverTheGatewaysTakeForTheTime() {
        try (Registry behind = open(() -> clock.instant().minusSeconds(5))) {
            callbacks().receive(APP, KEY, "first");
            behind.callbacks().receive(APP, KEY, "second");
            Callback first = claimOne();
            behind.callbacks().receive(APP, KEY, "third");
            finish(first, new Outcome.Repeat(clock.instant(), "status 500"));
            behind.callbacks().receive(APP, KEY, "fourth");

            for (String message : List.of("first", "second", "third", "fourth")) {
                Callback next = claimOne();
                assertThat(text(next)).isEqualTo(message);
                complete(next);
            }
        }
    }

    @Test
    void doesNotWaitForOneOfAClockThatWasWrong() {
        try (Registry ahead = open(() -> clock.instant().plusSeconds(3600))) {
            ahead.callbacks().receive(APP, KEY, "far");
            callbacks().receive(APP, KEY, "near");
            assertThat(text(claimOne())).isEqualTo("near");
        }
    }

    /** It may be another one's, which is at it still: when its time is over. */
    @Override
    void queueWhatTheGatewayBeforeHadBegun() {
        assertThat(registry.callbacks().requeue()).isZero();
        clock.advance(MINUTE);
    }
}
