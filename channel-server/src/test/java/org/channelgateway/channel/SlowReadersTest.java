package org.channelgateway.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.channelgateway.registry.ChannelKey;
import org.junit.jupiter.api.Test;

final class SlowReadersTest {
    private static final Channel SLOW = new Channel("app", ChannelKey.of("slow"));
    private static final Channel QUICK = new Channel("app", ChannelKey.of("quick"));

    private final Set<Channel> behind = new HashSet<>();
    private final Queue<Runnable> timer = new ArrayDeque<>();
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 250_000_000L);
    private final List<String> answered = new ArrayList<>();
    private final SlowReaders readers = new SlowReaders(behind::contains, (wait, task) -> timer.add(task), now::get);

    private void publish(Channel channel, String name) {
        readers.delivered(channel, behind.contains(channel));
        readers.whenRead(List.of(channel), () -> answered.add(name));
    }

    private void look() {
        timer.remove().run();
    }

    @Test
    void answersAtOnceWhileAllKeepUp() {
        publish(QUICK, "a");
        assertThat(answered).containsExactly("a");
        assertThat(timer).isEmpty();
    }

    @Test
    void answersInOrderWhenTheyKeepUpAgain() {
        behind.add(SLOW);
        publish(SLOW, "a");
        publish(QUICK, "b");
        publish(SLOW, "c");
        look();
        assertThat(answered).containsExactly("b");

        behind.remove(SLOW);
        look();
        assertThat(answered).containsExactly("b", "a", "c");
        assertThat(timer).isEmpty();
        assertThat(readers.isEmpty()).isTrue();
    }

    @Test
    void waitsForOneThatDoesNotReadOnce() {
        behind.add(SLOW);
        publish(SLOW, "a");
        now.addAndGet(SlowReaders.PATIENCE.minusMillis(1).toNanos());
        look();
        assertThat(answered).isEmpty();
        now.addAndGet(Duration.ofMillis(1).toNanos());
        look();
        publish(SLOW, "b");
        assertThat(answered).containsExactly("a", "b");

        behind.remove(SLOW);
        publish(SLOW, "c");
        behind.add(SLOW);
        publish(SLOW, "d");
        assertThat(answered).containsExactly("a", "b", "c");
        behind.remove(SLOW);
        look();
        assertThat(answered).endsWith("d");
    }

    @Test
    void answersOneThatWentToSeveralWhenAllKeepUp() {
        behind.add(SLOW);
        readers.delivered(SLOW, true);
        readers.whenRead(List.of(QUICK, SLOW), () -> answered.add("both"));
        assertThat(answered).isEmpty();
        behind.clear();
        look();
        assertThat(answered).containsExactly("both");
    }

    @Test
    void letsAnAnswerThatFailsKeepNoOther() {
        behind.add(SLOW);
        readers.delivered(SLOW, true);
        readers.whenRead(List.of(SLOW), () -> {
            throw new IllegalStateException("as the test wants it");
        });
        publish(SLOW, "a");
        behind.clear();
        look();
        assertThat(answered).containsExactly("a");
    }

    @Test
    void answersAllWhenItStopsAndAllThatComesAfter() {
        behind.add(SLOW);
        publish(SLOW, "a");
        readers.stop();
        publish(SLOW, "b");
        look();
        assertThat(answered).containsExactly("a", "b");
        assertThat(timer).isEmpty();
    }

    @Test
    void forgetsAChannelOfWhichNobodyIsLeft() {
        behind.add(SLOW);
        readers.delivered(SLOW, true);
        readers.tick();
        assertThat(readers.isEmpty()).isFalse();
        behind.clear();
        readers.tick();
        assertThat(readers.isEmpty()).isTrue();
    }
}
