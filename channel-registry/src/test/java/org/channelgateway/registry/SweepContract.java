package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Removal of expired leases, alone and among others that create, revoke and sweep. */
abstract class SweepContract extends RegistryContract {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void removesNoMoreThanTheLimitAtOnce() {
        IntStream.range(0, 25).forEach(i -> leases.create(APP, ChannelKey.of("k" + i), MINUTE));
        clock.advance(MINUTE);

        assertThat(leases.sweep(10)).hasSize(10);
        assertThat(leases.sweep(10)).hasSize(10);
        assertThat(leases.sweep(10)).hasSize(5);
        assertThat(leases.sweep(10)).isEmpty();
    }

    @Test
    void removesTheLeaseAndItsAccountAndSparesLiveOnes() {
        IssuedLease expired = leases.create(APP, ChannelKey.of("k"), MINUTE);
        IssuedLease live = create("k");
        clock.advance(MINUTE);

        assertThat(leases.sweep(100)).containsExactly(expired.lease());
        assertThat(leases.find(expired.token())).isEmpty();
        assertThat(leases.authenticate(expired.lease().account(), expired.token()))
                .isEmpty();
        assertThat(leases.find(live.token())).contains(live.lease());
        assertThat(leases.authenticate(live.lease().account(), live.token())).isPresent();
    }

    @Test
    void stillTellsFromASweptTokenThatItTimedOut() {
        Token token = leases.create(APP, ChannelKey.of("k"), MINUTE).token();
        clock.advance(MINUTE);
        leases.sweep(100);

        assertThat(leases.find(token)).isEmpty();
        assertThat(token.expiry()).isEqualTo(clock.instant());
    }

    @Test
    void refusesALimitBelowOne() {
        assertThatThrownBy(() -> leases.sweep(0)).hasMessage("limit: 0 (expected: >= 1)");
    }

    @Test
    void leavesNoRowOfFiveThousandLeasesInAnyTable() throws Exception {
        Together.run(8, () -> {
            for (int i = 0; i < 625; i++) {
                leases.create(APP, ChannelKey.of("k" + i), MINUTE);
            }
            return 0;
        });
        assertThat(rows("leases")).isEqualTo(5000);
        clock.advance(MINUTE);

        assertThat(sweepAll(500)).hasSize(5000);

        assertThat(rows("leases")).isZero();
        assertThat(rows("accounts")).isZero();
        assertThat(rows("secrets")).isZero();
    }

    @Test
    void returnsEachLeaseFromOneOfManySweepsThatRunAtOnce() throws Exception {
        Together.run(8, () -> {
            for (int i = 0; i < 125; i++) {
                leases.create(APP, ChannelKey.of("k" + i), MINUTE);
            }
            return 0;
        });
        clock.advance(MINUTE);

        List<Lease> swept = new ArrayList<>();
        Together.run(4, () -> sweepAll(50)).forEach(swept::addAll);

        assertThat(swept).hasSize(1000).doesNotHaveDuplicates();
        assertThat(rows("leases")).isZero();
    }

    @Test
    void neverLosesALiveLeaseWhileOthersAreSweptAndRevoked() throws Exception {
        IntStream.range(0, 500).forEach(i -> leases.create(APP, ChannelKey.of("old" + i % 5), MINUTE));
        clock.advance(MINUTE);
        AtomicInteger role = new AtomicInteger();

        List<List<IssuedLease>> created = Together.run(6, () -> {
            int mine = role.getAndIncrement();
            List<IssuedLease> issued = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                if (mine < 3) {
                    issued.add(create("new" + i));
                } else if (mine < 5) {
                    leases.sweep(20);
                } else {
                    assertThat(leases.revoke(APP, ChannelKey.of("old" + i % 5))).isEmpty();
                }
            }
            return issued;
        });

        List<IssuedLease> all = created.stream().flatMap(List::stream).toList();
        assertThat(all)
                .hasSize(300)
                .allSatisfy(
                        issued -> assertThat(leases.authenticate(issued.lease().account(), issued.token()))
                                .contains(issued.lease()));
        assertThat(rows("leases")).isEqualTo(300);
    }

    @Test
    void returnsARevokedLeaseOnceWhenManyRevokeIt() throws Exception {
        for (int round = 0; round < 20; round++) {
            Token token = create("k").token();
            create("k");

            List<Integer> revoked = Together.run(
                    4,
                    () -> leases.revoke(APP, token).stream().mapToInt(l -> 1).sum()
                            + leases.revoke(APP, ChannelKey.of("k")).size());

            assertThat(revoked.stream().mapToInt(Integer::intValue).sum()).isEqualTo(2);
        }
    }

    private List<Lease> sweepAll(int limit) {
        List<Lease> all = new ArrayList<>();
        List<Lease> batch = leases.sweep(limit);
        while (!batch.isEmpty()) {
            all.addAll(batch);
            batch = leases.sweep(limit);
        }
        return all;
    }
}
