package org.channelgateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.channelgateway.limit.Quota.Verdict;
import org.junit.jupiter.api.Test;

final class QuotaTest {
    private final Quota quota = new Quota(3, 2, new Networks(Set.of("10.0.0.5")));

    private Verdict enter(String address) {
        return quota.enter(quota.network(address));
    }

    private void leave(String address) {
        quota.leave(quota.network(address));
    }

    @Test
    void takesSoManyOfAnAddressAndSoManyInAll() {
        assertThat(enter("192.0.2.1")).isEqualTo(Verdict.TAKEN);
        assertThat(enter("192.0.2.1")).isEqualTo(Verdict.TAKEN);
        assertThat(enter("192.0.2.1")).isEqualTo(Verdict.FULL_FOR_ADDRESS);
        assertThat(enter("192.0.2.2")).isEqualTo(Verdict.TAKEN);
        assertThat(enter("192.0.2.3")).isEqualTo(Verdict.FULL);
        assertThat(quota.count()).isEqualTo(3);
    }

    @Test
    void hasRoomAgainWhenOneLeaves() {
        enter("192.0.2.1");
        enter("192.0.2.1");
        leave("192.0.2.1");
        assertThat(enter("192.0.2.1")).isEqualTo(Verdict.TAKEN);
        leave("192.0.2.1");
        leave("192.0.2.1");
        assertThat(quota.count()).isZero();
    }

    @Test
    void countsAnExemptAddressOnlyInAll() {
        for (int i = 0; i < 3; i++) {
            assertThat(enter("10.0.0.5")).isEqualTo(Verdict.TAKEN);
        }
        assertThat(enter("10.0.0.5")).isEqualTo(Verdict.FULL);
    }

    /** T1 and T2 enter and leave: whatever their order, nothing is left and no more than allowed were in. */
    @Test
    void losesNothingWhenManyComeAndGoAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> work = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                String address = "192.0.2." + thread % 2;
                work.add(() -> {
                    int most = 0;
                    for (int i = 0; i < 20_000; i++) {
                        if (enter(address) == Verdict.TAKEN) {
                            most = Math.max(most, quota.count());
                            leave(address);
                        }
                    }
                    return most;
                });
            }
            for (Future<Integer> most : threads.invokeAll(work)) {
                assertThat(most.get()).isBetween(1, 7); // those that are refused are counted for a moment
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(quota.count()).isZero();
        assertThat(enter("192.0.2.0")).isEqualTo(Verdict.TAKEN);
        assertThat(enter("192.0.2.0")).isEqualTo(Verdict.TAKEN);
        assertThat(enter("192.0.2.0")).isEqualTo(Verdict.FULL_FOR_ADDRESS);
    }
}
