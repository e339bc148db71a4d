package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class GroupCommitTest {
    @Test
    void writesEachItemOnceAndOneGroupAtATime() throws Exception {
        List<Integer> written = new ArrayList<>(); // not thread-safe: one leader at a time hands it on
        AtomicInteger leaders = new AtomicInteger();
        AtomicInteger next = new AtomicInteger();
        GroupCommit<Integer> writer = new GroupCommit<>(3, group -> {
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
    void writesTogetherWhatCameDuringAWrite() throws Exception {
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch arrived = new CountDownLatch(5);
        GroupCommit<Integer> writer = new GroupCommit<>(100, group -> {
            sizes.add(group.size());
            awaitOthers(arrived);
        });

        Together.run(5, () -> {
            arrived.countDown();
            writer.write(1);
            return 0;
        });

        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(5);
        assertThat(sizes.size()).isLessThanOrEqualTo(5);
    }

    @Test
    void tellsAllOfAGroupThatItFailedAndGoesOn() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        GroupCommit<Integer> writer = new GroupCommit<>(100, group -> {
            if (calls.getAndIncrement() < 2) {
                throw new IllegalStateException("no room");
            }
        });

        List<Boolean> failed = Together.run(4, () -> {
            try {
                writer.write(1);
                return false;
            } catch (IllegalStateException | RegistryException e) {
                return true;
            }
        });

        assertThat(failed).contains(true);
        writer.write(1);
        writer.write(1);
    }

    @Test
    void throwsToALoneWriterWhatTheTransactionThrew() {
        GroupCommit<Integer> writer = new GroupCommit<>(1, group -> {
            throw new IllegalStateException("no room");
        });

        assertThatThrownBy(() -> writer.write(1)).hasMessage("no room");
        assertThatThrownBy(() -> writer.write(1)).hasMessage("no room");
    }

    private static void awaitOthers(CountDownLatch arrived) {
        try {
            arrived.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
