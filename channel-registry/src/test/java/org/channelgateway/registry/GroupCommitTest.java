package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class GroupCommitTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    void writesEachItemOnceAndOneGroupAtATime() throws Exception {
        List<Integer> written = new ArrayList<>(); // not thread-safe: one leader at a time hands it on
        AtomicInteger leaders = new AtomicInteger();
        AtomicInteger next = new AtomicInteger();
        GroupCommit<Integer> writer = new GroupCommit<>(3, PATIENCE, group -> {
            assertThat(leaders.incrementAndGet()).isEqualTo(1);
            assertThat(group.size()).isBetween(1, 3);
            written.addAll(group);
            leaders.decrementAndGet();
        });

        Together.run(8, () -> {
            for (int i = 0; i < 1000; i++) {
                writer.write(next.getAndIncrement());
            }
            return 0;
        });

        assertThat(written).hasSize(8000).doesNotHaveDuplicates();
    }

    @Test
    void writesInOneTransactionWhatCameDuringAnother() throws Exception {
        List<List<Integer>> transactions = new CopyOnWriteArrayList<>();

        List<Boolean> failed = fiveDuringAWrite(transactions::add);

        assertThat(transactions).hasSize(3);
        assertThat(transactions.get(0)).containsExactly(0);
        assertThat(transactions.get(1)).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
        assertThat(failed).containsOnly(false);
    }

    @Test
    void tellsEachOfAGroupThatItFailedAndGoesOn() throws Exception {
        AtomicInteger transactions = new AtomicInteger();

        List<Boolean> failed = fiveDuringAWrite(group -> {
            if (transactions.incrementAndGet() == 2) {
                throw new IllegalStateException("no room");
            }
        });

        assertThat(failed).hasSize(5).containsOnly(true);
        assertThat(transactions).hasValue(3);
    }

    /** Writes 0, 1 to 5 while that transaction lasts, 6 at the end; returns which of the five failed. */
    private static List<Boolean> fiveDuringAWrite(Consumer<List<Integer>> transaction) throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        GroupCommit<Integer> writer = new GroupCommit<>(100, PATIENCE, group -> {
            writing.countDown();
            awaitQuietly(arrived);
            transaction.accept(group);
        });
        AtomicInteger next = new AtomicInteger();
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> writer.write(next.getAndIncrement()));
        writing.await();
        CompletableFuture<Void> gate = CompletableFuture.runAsync(() -> {
            await().until(() -> writer.waiting() == 5);
            arrived.countDown();
        });
        List<Boolean> failed = Together.run(5, () -> fails(() -> writer.write(next.getAndIncrement())));
        CompletableFuture.allOf(first, gate).join();
        assertThat(fails(() -> writer.write(6))).isFalse();
        assertThat(writer.waiting()).isZero();
        return failed;
    }

    private static boolean fails(Runnable write) {
        try {
            write.run();
            return false;
        } catch (IllegalStateException | RegistryException e) {
            return true;
        }
    }

    @Test
    void throwsToALoneWriterWhatTheTransactionThrew() {
        GroupCommit<Integer> writer = new GroupCommit<>(1, PATIENCE, group -> {
            throw new IllegalStateException("no room");
        });

        assertThatThrownBy(() -> writer.write(1)).hasMessage("no room");
        assertThatThrownBy(() -> writer.write(1)).hasMessage("no room");
    }

    private static void awaitQuietly(CountDownLatch arrived) {
        try {
            arrived.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void givesUpWhenTheWriteBeforeHangsAndWritesNothingOfIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(1);
        List<Integer> written = new CopyOnWriteArrayList<>();
        GroupCommit<Integer> writer = new GroupCommit<>(100, Duration.ofMillis(50), group -> {
            begun.countDown();
            try {
                hanging.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            written.addAll(group);
        });
        CompletableFuture<Void> hung = CompletableFuture.runAsync(() -> writer.write(1));
        begun.await();

        assertThatThrownBy(() -> writer.write(2)).hasMessageContaining("takes too long");
        assertThatThrownBy(() -> writer.write(3)).hasMessageContaining("takes too long");
        assertThat(writer.waiting()).isZero();
        hanging.countDown();
        hung.get(10, TimeUnit.SECONDS);
        writer.write(4);

        assertThat(written).containsExactly(1, 4);
    }
}
