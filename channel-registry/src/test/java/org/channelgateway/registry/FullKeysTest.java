package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which keys are known to have no room. */
final class FullKeysTest {
    private static final String APP = "guestbook";
    private static final ChannelKey KEY = ChannelKey.of("stadium");
    private static final ChannelKey OTHER = ChannelKey.of("other");

    private final MovableClock clock = new MovableClock();
    private final FullKeys full = new FullKeys(clock);

    private void add(ChannelKey key) {
        full.add(APP, key, 100, full.removals());
    }

    private void removeOne(String app, ChannelKey key) {
        Instant now = clock.instant();
        full.removed(List.of(new Lease("ch-" + "a".repeat(26), app, key, now, now.plusSeconds(60))));
    }

    @Test
    void knowsAKeyOfOneApplicationUntilTheSecondIsOver() {
        clock.advance(Duration.ofMillis(100));
        add(KEY);
        clock.advance(Duration.ofMillis(899));
        assertThat(full.contains(APP, KEY)).isTrue();
        assertThat(full.contains(APP, OTHER)).isFalse();
        assertThat(full.contains("another", KEY)).isFalse();

        clock.advance(Duration.ofMillis(1));
        assertThat(full.contains(APP, KEY)).isFalse();
    }

    @Test
    void forgetsAKeyOfWhichLeasesAreRemoved() {
        add(KEY);
        add(OTHER);
        removeOne("another", KEY);
        assertThat(full.contains(APP, KEY)).isTrue();
        removeOne(APP, KEY);
        assertThat(full.contains(APP, KEY)).isFalse();
        assertThat(full.contains(APP, OTHER)).isTrue();
    }

    @Test
    void notesNothingWhenLeasesWereRemovedWhileItLooked() {
        long before = full.removals();
        removeOne(APP, KEY);
        full.add(APP, KEY, 100, before);
        assertThat(full.contains(APP, KEY)).isFalse();
    }

    @Test
    void forgetsAKeyWhoseApplicationHasFewerLeasesThanItHad() {
        add(KEY);
        assertThat(full.stillContains(APP, KEY, 100)).isTrue();
        assertThat(full.stillContains(APP, KEY, 99)).isFalse();
        assertThat(full.stillContains(APP, KEY, 100)).isFalse();
    }

    @Test
    void remembersABoundedNumberOfThem() {
        for (int i = 0; i < 1500; i++) {
            add(ChannelKey.of("k" + i));
        }
        assertThat(full.contains(APP, ChannelKey.of("k1499"))).isTrue();
        assertThat(full.contains(APP, ChannelKey.of("k0"))).isFalse();
    }
}
