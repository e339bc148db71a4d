package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The bounds and counts that several gateways share. */
final class PostgresLeaseCountsTest extends RegistryContract {
    private static final int PER_KEY = 150;
    private static final ChannelKey KEY = ChannelKey.of("stadium");

    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Registry open(InstantSource time) {
        return database.open(time, new LeaseLimits(PER_KEY, 100_000), CallbackLimits.NONE);
    }

    private void createOfKey(Leases at) {
        IssuedLease unused = at.create(APP, KEY, TWO_HOURS);
    }

    @Test
    void startsLeaveNoMoreThanOneRowOfAnApplicationBehind() {
        for (int start = 0; start < 5; start++) {
            create("k" + start);
            leases.create("another", ChannelKey.of("k"), TWO_HOURS);
            reopen();
        }

        assertThat(rows("lease_counts")).isEqualTo(2);
        assertThat(leases.live()).isEqualTo(10);
    }

    @Test
    void countsRightWhileGatewaysMakeLeasesAndOthersStart() throws Exception {
        AtomicInteger next = new AtomicInteger();
        List<Integer> unused = Together.run(4, () -> {
            boolean starts = next.getAndIncrement() == 0;
            for (int i = 0; i < 20; i++) {
                if (starts) {
                    open(clock).close();
                } else {
                    create("k").token();
                }
            }
            return 0;
        });
        reopen();

        assertThat(rows("leases")).isEqualTo(60);
        assertThat(leases.live()).isEqualTo(60);
        assertThat(rows("lease_counts")).isEqualTo(1);
    }

    @Test
    void keepsTheBoundOfAKeyThatTwoGatewaysFill() {
        try (Registry another = open(clock)) {
            for (int i = 0; i < PER_KEY; i++) {
                createOfKey(i % 3 == 0 ? leases : another.leases());
            }
            for (Registry gateway : List.of(registry, another)) {
                assertThatThrownBy(() -> createOfKey(gateway.leases())).isInstanceOf(TooManyLeasesException.class);
            }
            leases.revoke(APP, KEY);
            createOfKey(another.leases());
        }
    }

    @Test
    void countsAFullKeyOnceASecond() {
        for (int i = 0; i < PER_KEY; i++) {
            createOfKey(leases);
        }
        assertThatThrownBy(() -> createOfKey(leases)).isInstanceOf(TooManyLeasesException.class);
        int unused = registry.database().with(session -> session.update("DELETE FROM leases")); // not told
        assertThatThrownBy(() -> createOfKey(leases)).isInstanceOf(TooManyLeasesException.class);
        clock.advance(Duration.ofSeconds(1));
        createOfKey(leases);
    }

    @Test
    void countsAKeyWithManyLeasesNowAndThenOnly() {
        int limit = 20_000;
        CountedKeys keys = new CountedKeys(limit, clock);
        int looks = 0;
        for (int made = 0; made < limit; made++) {
            if (!keys.takeOne(APP, KEY)) {
                looks++;
                keys.counted(APP, KEY, made);
            }
        }
        assertThat(looks).isBetween(100, 300);
        assertThat(keys.takeOne(APP, KEY)).isFalse();
    }

    @Test
    void countsAKeyAgainWhenTheLookIsOldAndEachTimeWhenItHasFew() {
        CountedKeys keys = new CountedKeys(20_000, clock);
        keys.counted(APP, KEY, 1000);
        assertThat(keys.takeOne(APP, KEY)).isTrue();
        assertThat(keys.takeOne("another", KEY)).isFalse();
        clock.advance(Duration.ofSeconds(10));
        assertThat(keys.takeOne(APP, KEY)).isFalse();

        IntStream.range(0, 60).forEach(count -> {
            keys.counted(APP, KEY, count);
            assertThat(keys.takeOne(APP, KEY)).isFalse();
        });
    }
}
