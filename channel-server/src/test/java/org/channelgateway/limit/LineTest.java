package org.channelgateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LineTest {
    private final Line line = new Line(2);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch open = new CountDownLatch(1);
    private final List<String> done = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        open.countDown();
        threads.shutdown();
    }

    private void occupy(String name) {
        threads.execute(() -> line.run(() -> {
            done.add(name + " begins");
            try {
                open.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            done.add(name);
        }));
        await().until(() -> done.contains(name + " begins"));
    }

    @Test
    void doesAtOnceWhatThereIsRoomFor() {
        assertThat(line.run(() -> done.add("a"))).isTrue();
        assertThat(done).containsExactly("a");
    }

    @Test
    void leavesTheRestToThoseThatAreAtItInOrder() {
        occupy("a");
        occupy("b");
        for (int i = 0; i < 128; i++) {
            int number = i;
            assertThat(line.run(() -> done.add(String.valueOf(number)))).isTrue();
        }
        assertThat(done).containsExactly("a begins", "b begins");
        assertThat(line.run(() -> done.add("too many"))).isFalse();

        open.countDown();
        await().until(() -> done.size() == 2 + 2 + 128);
        assertThat(done).contains("a", "b", "0", "127").doesNotContain("too many");
        assertThat(line.run(() -> done.add("again"))).isTrue();
        assertThat(done).contains("again");
    }

    @Test
    void goesOnAfterOneThatFails() throws InterruptedException {
        occupy("a");
        occupy("b");
        assertThat(line.run(() -> {
                    throw new IllegalStateException("as the test wants it");
                }))
                .isTrue();
        CountDownLatch last = new CountDownLatch(1);
        assertThat(line.run(last::countDown)).isTrue();
        open.countDown();
        assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
