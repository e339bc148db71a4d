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
            assertThat(tasks.run("sender", "one", 1, () -> {
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
        assertThat(tasks.run("sender", "first", 1, () -> await(second, first))).isTrue();
        assertThat(tasks.run("sender", "second", 1, second::countDown)).isTrue();
        first.await();
        assertThat(first.getCount()).isZero();
    }

    @Test
    void refusesWhatIsTooMuchAndTakesMoreAfterwards() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(TASKS);
        for (int i = 0; i < TASKS; i++) {
            assertThat(tasks.run("sender", "one", 1, () -> await(go, all))).isTrue();
        }
        assertThat(tasks.run("sender", "two", 1, () -> {})).isFalse();
        go.countDown();
        all.await();
        CountDownLatch again = new CountDownLatch(1);
        while (!tasks.run("sender", "two", 1, again::countDown)) {
            Thread.onSpinWait(); // the last one is still being left
        }
        again.await();
        assertThat(again.getCount()).isZero();
    }

    @Test
    void aTaskThatFailsHoldsUpNoOther() throws InterruptedException {
        CountDownLatch next = new CountDownLatch(1);
        assertThat(tasks.run("sender", "one", 1, () -> {
                    throw new IllegalStateException("on purpose");
                }))
                .isTrue();
        assertThat(tasks.run("sender", "one", 1, next::countDown)).isTrue();
        next.await();
        assertThat(next.getCount()).isZero();
    }

    @Test
    void oneSenderLeavesThreadsToOthers() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            assertThat(tasks.run("sender", "line" + i, 1, () -> await(go, all))).isTrue();
        }
        CountDownLatch other = new CountDownLatch(1);
        assertThat(tasks.run("other", "line", 1, other::countDown)).isTrue();
        other.await();
        go.countDown();
        all.await();
        assertThat(all.getCount()).isZero();
    }

    @Test
    void linesTakeTurns() throws InterruptedException {
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(4);
        try (SerialTasks one = new SerialTasks("one", 1, TASKS)) {
            assertThat(one.run("sender", "long", 1, () -> await(go, new CountDownLatch(0))))
                    .isTrue();
            for (String line : List.of("long", "long", "long", "short")) {
                assertThat(one.run("sender", line, 1, () -> {
                            done.add(line);
                            all.countDown();
                        }))
                        .isTrue();
            }
            go.countDown();
            all.await();
        }
        assertThat(done).containsExactly("short", "long", "long", "long");
    }

    @Test
    void isBoundedInBytes() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        assertThat(tasks.run("sender", "line", TASKS - 10, () -> await(go, done)))
                .isTrue();
        assertThat(tasks.run("sender", "line", 11, () -> {})).isFalse();
        assertThat(tasks.run("sender", "line", 10, () -> {})).isTrue();
        go.countDown();
        done.await();
    }

    @Test
    void doesWhatIsThereWhenItIsClosed() {
        List<Integer> done = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 100; i++) {
            int number = i;
            assertThat(tasks.run("sender", "line", 1, () -> done.add(number))).isTrue();
        }
        tasks.close();
        assertThat(done).hasSize(100);
        assertThat(tasks.run("sender", "line", 1, () -> {})).isFalse();
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
