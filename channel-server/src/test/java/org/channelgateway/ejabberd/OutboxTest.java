package org.channelgateway.ejabberd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.channelgateway.channel.Channel;
import org.channelgateway.channel.Headline;
import org.channelgateway.ejabberd.Outbox.Offer;
import org.channelgateway.registry.ChannelKey;
import org.junit.jupiter.api.Test;

final class OutboxTest {
    private static final int ROOM = 1 << 20;

    private final Outbox outbox = new Outbox(ROOM);
    private final AtomicInteger written = new AtomicInteger();

    private FanOut message(String key, String text, int receivers) {
        List<String> jids = IntStream.range(0, receivers).mapToObj(i -> "r" + i).toList();
        Headline.Addressed message = new Headline.Addressed((text + ":").getBytes(UTF_8), "\n".getBytes(UTF_8));
        return new FanOut(new Channel("app", ChannelKey.of(key)), message, written::incrementAndGet, jids);
    }

    private String next() throws InterruptedException {
        Outbox.Chunk chunk = Objects.requireNonNull(outbox.next());
        chunk.written();
        return new String(chunk.bytes(), UTF_8);
    }

    @Test
    void writesOneStanzaForEachReceiverAndThenTheMessageIsDone() throws InterruptedException {
        outbox.open();
        FanOut one = message("k", "hello", 2);
        assertThat(outbox.offer(List.of(one))).isEqualTo(Offer.TAKEN);
        assertThat(next()).isEqualTo("hello:r0\nhello:r1\n");
        assertThat(one.done()).isCompleted();
        assertThat(written).hasValue(2);
        assertThat(outbox.waitingBytes()).isZero();
    }

    @Test
    void keepsTheOrderOfAChannel() throws InterruptedException {
        outbox.open();
        Offer unused = outbox.offer(List.of(message("k", "a", 1), message("k", "b", 1)));
        unused = outbox.offer(List.of(message("k", "c", 1)));
        assertThat(next()).isEqualTo("a:r0\nb:r0\nc:r0\n");
    }

    @Test
    void writesAnswersFirst() throws InterruptedException {
        outbox.open();
        Offer unused = outbox.offer(List.of(message("k", "m", 1)));
        assertThat(outbox.answer("answer\n".getBytes(UTF_8))).isTrue();
        assertThat(next()).isEqualTo("answer\nm:r0\n");
    }

    @Test
    void aMessageToThousandsHoldsUpNoOtherChannel() throws InterruptedException {
        outbox.open();
        FanOut large = message("large", "x".repeat(100), 5000);
        Offer unused = outbox.offer(List.of(large));
        unused = outbox.offer(List.of(message("small", "small", 1)));
        assertThat(next()).contains("small:r0\n");
        assertThat(large.done()).isNotDone();
        List<String> rest = new ArrayList<>();
        while (!large.done().isDone()) {
            rest.add(next());
        }
        assertThat(rest)
                .hasSizeGreaterThan(5)
                .allSatisfy(chunk -> assertThat(chunk.length()).isLessThan(Outbox.CHUNK_BYTES + 200));
        assertThat(written).hasValue(5001);
    }

    @Test
    void takesNoMoreThanThereIsRoomForAndAllOrNothing() throws InterruptedException {
        outbox.open();
        FanOut first = message("a", "x".repeat(ROOM - 100), 1);
        assertThat(outbox.offer(List.of(first))).isEqualTo(Offer.TAKEN);
        assertThat(outbox.offer(List.of(message("b", "y", 1), message("c", "z".repeat(200), 1))))
                .isEqualTo(Offer.FULL);
        assertThat(outbox.offer(List.of(message("b", "y", 1)))).isEqualTo(Offer.TAKEN);
        String all = next();
        while (outbox.waitingBytes() > 0) {
            all += next();
        }
        assertThat(all).endsWith("y:r0\n").doesNotContain("z");
    }

    @Test
    void aMessageLargerThanTheRoomIsTakenWhileNothingElseWaits() {
        outbox.open();
        assertThat(outbox.offer(List.of(message("k", "x".repeat(ROOM), 2)))).isEqualTo(Offer.TAKEN);
        assertThat(outbox.offer(List.of(message("l", "x", 1)))).isEqualTo(Offer.FULL);
    }

    @Test
    void whatWaitsFailsWithTheStream() throws InterruptedException {
        outbox.open();
        FanOut waits = message("k", "m", 1);
        Offer unused = outbox.offer(List.of(waits));
        outbox.close(new IOException("lost"));
        assertThat(waits.done()).isCompletedExceptionally();
        assertThat(outbox.next()).isNull();
        assertThat(outbox.offer(List.of(message("k", "n", 1)))).isEqualTo(Offer.CLOSED);
        assertThat(outbox.answer(new byte[1])).isFalse();
        outbox.open();
        unused = outbox.offer(List.of(message("k", "o", 1)));
        assertThat(next()).isEqualTo("o:r0\n");
    }

    @Test
    void whatNobodyAwaitsAnyMoreIsNotWritten() throws InterruptedException {
        outbox.open();
        FanOut cancelled = message("k", "late", 1);
        Offer unused = outbox.offer(List.of(cancelled));
        cancelled.cancel();
        unused = outbox.offer(List.of(message("k", "next", 1)));
        assertThat(next()).isEqualTo("next:r0\n");
        assertThat(outbox.waitingBytes()).isZero();
    }

    @Test
    void takesNothingWhileTheServerTakesNothing() {
        outbox.open();
        outbox.stalled(true);
        assertThat(outbox.offer(List.of(message("k", "m", 1)))).isEqualTo(Offer.FULL);
        outbox.stalled(false);
        assertThat(outbox.offer(List.of(message("k", "m", 1)))).isEqualTo(Offer.TAKEN);
    }
}
