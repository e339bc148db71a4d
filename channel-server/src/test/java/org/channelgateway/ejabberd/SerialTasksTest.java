package org.channelgateway.ejabberd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SerialTasksTest {
    private static final int TASKS = 1000;

    private final SerialTasks tasks = new SerialTasks("test", 4, TASKS);

    @AfterEach
    void close() {
        tasks.close();
    }

    @Test
    void keepsTheOrderOfAName() throws InterruptedException {
        List<Integer> done = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(TASKS);
        for (int i = 0; i < TASKS; i++) {
            int number = i;
            assertThat(tasks.run("one", () -> {
                        done.add(number);
                        all.countDown();
                    }))
                    .isTrue();
        }
        all.await();
        assertThat(done)
                .containsExactlyElementsOf(IntStream.range(0, TASKS).boxed().toList());
    }

    @Test
    void oneNameDoesNotWaitForAnother() throws InterruptedException {
        CountDownLatch second = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        assertThat(tasks.run("first", () -> await(second, first))).isTrue();
        assertThat(tasks.run("second", second::countDown)).isTrue();
        first.await();
        assertThat(first.getCount()).isZero();
    }

    @Test
    void refusesWhatIsTooMuchAndTakesMoreAfterwards() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(TASKS);
        for (int i = 0; i < TASKS; i++) {
            assertThat(tasks.run("one", () -> await(go, all))).isTrue();
        }
        assertThat(tasks.run("two", () -> {})).isFalse();
        go.countDown();
        all.await();
        CountDownLatch again = new CountDownLatch(1);
        while (!tasks.run("two", again::countDown)) {
            Thread.onSpinWait(); // the last one is still being left
        }
        again.await();
        assertThat(again.getCount()).isZero();
    }

    @Test
    void aTaskThatFailsHoldsUpNoOther() throws InterruptedException {
        CountDownLatch next = new CountDownLatch(1);
        assertThat(tasks.run("one", () -> {
                    throw new IllegalStateException("on purpose");
                }))
                .isTrue();
        assertThat(tasks.run("one", next::countDown)).isTrue();
        next.await();
        assertThat(next.getCount()).isZero();
    }

    private static void await(CountDownLatch forThis, CountDownLatch then) {
        try {
            forThis.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        then.countDown();
    }
}
