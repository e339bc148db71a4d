package org.channelgateway.gc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SweeperTest {
    private static final Duration SOON = Duration.ofMillis(1);

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);

    @BeforeEach
    void forgetWhatIsCancelled() {
        executor.setRemoveOnCancelPolicy(true);
    }

    @AfterEach
    void nothingIsLeftScheduled() {
        await().until(() ->
                executor.getActiveCount() == 0 && executor.getQueue().isEmpty());
        executor.shutdownNow();
    }

    @Test
    void removesAllThatIsExpiredInBatches() {
        ExpiredLeases leases = new ExpiredLeases(25);
        List<Integer> told = new ArrayList<>();

        try (Sweeper sweeper = new Sweeper(leases, 10, 100, batch -> told.add(batch.size()))) {
            assertThat(sweeper.sweep()).isEqualTo(25);
        }

        assertThat(told).containsExactly(10, 10, 5);
        assertThat(leases.limits).containsOnly(10);
    }

    @Test
    void leavesTheRestToTheNextRunAfterTheMostBatches() {
        ExpiredLeases leases = new ExpiredLeases(25);

        try (Sweeper sweeper = new Sweeper(leases, 10, 2, batch -> {})) {
            assertThat(sweeper.sweep()).isEqualTo(20);
            assertThat(sweeper.sweep()).isEqualTo(5);
            assertThat(sweeper.sweep()).isZero();
        }
    }

    @Test
    void countsItsRunsWhatTheyRemovedAndTheirFailures() {
        ExpiredLeases leases = new ExpiredLeases(25);

        try (Sweeper sweeper = new Sweeper(leases, 10, 100, batch -> {})) {
            assertThat(sweeper.totals()).isEqualTo(new Sweeper.Totals(0, 0, 0, null));
            leases.failNext(1);
            assertThatThrownBy(sweeper::sweep).hasMessage("the database is away");
            assertThat(sweeper.totals()).isEqualTo(new Sweeper.Totals(1, 1, 0, null));
            sweeper.sweep();
            assertThat(sweeper.totals()).isEqualTo(new Sweeper.Totals(2, 1, 25, ExpiredLeases.NOW));
        }
    }

    @Test
    void runsAgainAfterARunThatFailed() {
        ExpiredLeases leases = new ExpiredLeases(5);
        leases.failNext(3);

        try (Sweeper sweeper = new Sweeper(leases, 10, 10, batch -> {})) {
            sweeper.start(executor, SOON);
            await().until(() -> leases.left() == 0);
        }
    }

    @Test
    void runsAgainAfterTheListenerFailed() {
        ExpiredLeases leases = new ExpiredLeases(20);

        try (Sweeper sweeper = new Sweeper(leases, 10, 1, batch -> {
            throw new AssertionError("thrown by the test");
        })) {
            sweeper.start(executor, SOON);
            await().until(() -> leases.left() == 0);
        }
    }

    @Test
    void goesOnAtOnceAfterTheMostBatches() {
        ExpiredLeases leases = new ExpiredLeases(105);

        try (Sweeper sweeper = new Sweeper(leases, 10, 2, batch -> {})) {
            sweeper.start(executor, Duration.ofMinutes(1));
            await().until(() -> leases.left() == 0);
        }
    }

    @Test
    void letsTheExecutorDoOtherWorkBetweenTwoRuns() {
        ExpiredLeases leases = new ExpiredLeases(100);
        List<Integer> leftThen = new ArrayList<>();

        try (Sweeper sweeper = new Sweeper(leases, 10, 2, batch -> {
            if (leases.left() == 90) {
                executor.execute(() -> leftThen.add(leases.left()));
            }
        })) {
            sweeper.start(executor, Duration.ofMinutes(1));
            await().until(() -> leases.left() == 0);
        }

        assertThat(leftThen).containsExactly(80);
    }

    @Test
    void waitsAfterARunThatFailed() {
        ExpiredLeases leases = new ExpiredLeases(100);
        leases.failNext(1);

        try (Sweeper sweeper = new Sweeper(leases, 10, 2, batch -> {})) {
            sweeper.start(executor, Duration.ofMinutes(1));
            await().until(() -> executor.getCompletedTaskCount() == 1);
            assertThat(executor.getQueue())
                    .singleElement()
                    .satisfies(next -> assertThat(((Delayed) next).getDelay(TimeUnit.SECONDS))
                            .isGreaterThan(50));
        }
    }

    @Test
    void runsNoMoreOnceClosed() {
        ExpiredLeases leases = new ExpiredLeases(1);
        Sweeper sweeper = new Sweeper(leases, 10, 10, batch -> {});
        sweeper.start(executor, SOON);
        await().until(() -> leases.left() == 0);

        sweeper.close();

        await().until(() ->
                executor.getActiveCount() == 0 && executor.getQueue().isEmpty());
        leases.add(1);
        assertThat(leases.left()).isEqualTo(1);
    }

    @Test
    void startsOnce() {
        try (Sweeper sweeper = new Sweeper(new ExpiredLeases(0), 10, 10, batch -> {})) {
            sweeper.start(executor, Duration.ofMinutes(1));

            assertThatThrownBy(() -> sweeper.start(executor, SOON)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void refusesSizesThatAreNotPositive() {
        ExpiredLeases leases = new ExpiredLeases(0);

        assertThatThrownBy(() -> new Sweeper(leases, 0, 1, batch -> {})).hasMessage("batchSize: 0 (expected: >= 1)");
        assertThatThrownBy(() -> new Sweeper(leases, 1, 0, batch -> {})).hasMessage("maxBatches: 0 (expected: >= 1)");
    }

    @Test
    void removesExpiredLeasesFromARegistryAndSparesLiveOnes(@TempDir Path data) {
        AtomicLong now = new AtomicLong();
        List<Lease> told = new ArrayList<>();
        try (Registry registry = Registry.open(new RegistryConfig(data), () -> Instant.ofEpochSecond(now.get()));
                Sweeper sweeper = new Sweeper(registry.leases(), 2, 10, told::addAll)) {
            for (int i = 1; i <= 6; i++) {
                registry.leases().create("app", ChannelKey.of("k" + i), Duration.ofMinutes(i));
            }
            now.set(5 * 60);

            assertThat(sweeper.sweep()).isEqualTo(5);

            assertThat(told)
                    .extracting(lease -> lease.key().text())
                    .containsExactlyInAnyOrder("k1", "k2", "k3", "k4", "k5");
            assertThat(registry.leases().list("app", "", null, 10)).containsExactly(ChannelKey.of("k6"));
        }
    }
}
