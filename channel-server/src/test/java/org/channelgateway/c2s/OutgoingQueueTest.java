package org.channelgateway.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.channelgateway.limit.Backlog;
import org.channelgateway.xml.EncodedStanza;
import org.junit.jupiter.api.Test;

class OutgoingQueueTest {
    private final Backlog backlog = new Backlog(1 << 30);
    private final OutgoingQueue queue = new OutgoingQueue(3, 100, backlog);

    private static EncodedStanza stanza(int bytes) {
        return new EncodedStanza("x".repeat(bytes));
    }

    @Test
    void handsOutInOrderWithoutACopy() {
        byte[] first = new byte[10];
        byte[] second = new byte[20];
        queue.add(first);
        queue.add(second);
        ByteBuffer[] batch = queue.take();
        assertThat(batch).hasSize(2);
        assertThat(batch[0].array()).isSameAs(first);
        assertThat(batch[1].array()).isSameAs(second);
        queue.written();
        assertThat(queue.take()).isEmpty();
    }

    @Test
    void countsWhatWasTakenUntilItIsWritten() {
        queue.add(new byte[60]);
        queue.take();
        assertThat(queue.hasRoomFor(41)).isFalse();
        assertThat(queue.hasRoomFor(40)).isTrue();
        queue.written();
        assertThat(queue.hasRoomFor(100)).isTrue();
        assertThat(queue.bytes()).isZero();
        assertThat(queue.stanzas()).isZero();
    }

    @Test
    void hasRoomForSoManyStanzas() {
        queue.add(new byte[1]);
        queue.add(new byte[1]);
        assertThat(queue.hasRoomFor(1)).isTrue();
        queue.add(new byte[1]);
        assertThat(queue.hasRoomFor(1)).isFalse();
    }

    @Test
    void hasRoomForOneLongerThanTheBound() {
        assertThat(queue.hasRoomFor(1000)).isTrue();
        queue.add(new byte[1000]);
        assertThat(queue.hasRoomFor(1)).isFalse();
    }

    @Test
    void handsOutALongOneInParts() {
        queue.add(new byte[150_000]);
        queue.add(new byte[5]);
        int parts = 0;
        int bytes = 0;
        for (ByteBuffer[] batch = queue.take(); batch.length > 0; batch = queue.take()) {
            parts++;
            int length = 0;
            for (ByteBuffer part : batch) {
                length += part.remaining();
            }
            assertThat(length).isLessThanOrEqualTo(65_536);
            bytes += length;
            queue.written();
            assertThat(queue.bytes()).isEqualTo(150_005 - bytes);
        }
        assertThat(parts).isEqualTo(3);
        assertThat(bytes).isEqualTo(150_005);
    }

    @Test
    void dropsAllButTheRestOfOneThatHasBegun() {
        queue.add(new byte[100_000]);
        queue.add(new byte[5]);
        queue.take();
        queue.drop();
        queue.written();
        assertThat(queue.bytes()).isEqualTo(100_000 - 65_536);
        queue.add(new byte[7]);
        ByteBuffer[] rest = queue.take();
        assertThat(rest).hasSize(2);
        assertThat(rest[0].remaining()).isEqualTo(100_000 - 65_536);
        assertThat(rest[1].remaining()).isEqualTo(7);
        queue.written();
        queue.add(new byte[1]);
        queue.drop();
        assertThat(queue.bytes()).isZero();
        assertThat(queue.stanzas()).isZero();
        assertThat(queue.take()).isEmpty();
    }

    @Test
    void countsOnceWhatSeveralClientsWaitFor() {
        EncodedStanza shared = stanza(30_000);
        List<OutgoingQueue> queues = IntStream.range(0, 300)
                .mapToObj(i -> new OutgoingQueue(3, 100, backlog))
                .toList();
        for (OutgoingQueue one : queues) {
            one.add(shared);
            one.take();
        }
        assertThat(backlog.bytes()).isBetween(30_000L, 50_000L);

        queues.subList(0, 100).forEach(OutgoingQueue::written);
        queues.subList(100, 299).forEach(OutgoingQueue::stopCounting);
        assertThat(backlog.bytes()).as("one of them waits still").isBetween(30_000L, 30_100L);
        queues.get(299).written();
        assertThat(backlog.bytes()).isZero();
    }

    @Test
    void countsNothingInTheEndWhateverCame() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            OutgoingQueue one = new OutgoingQueue(100, 1 << 20, backlog);
            EncodedStanza shared = stanza(50_000);
            for (int step = 0; step < 30; step++) {
                switch (random.nextInt(6)) {
                    case 0 -> one.add(new byte[random.nextInt(100_000)]);
                    case 1 -> one.add(stanza(random.nextInt(100_000)));
                    case 2 -> one.add(shared);
                    case 3 -> one.take();
                    case 4 -> one.written();
                    default -> one.drop();
                }
                assertThat(backlog.bytes()).isNotNegative();
            }
            boolean stops = random.nextBoolean();
            if (stops) {
                one.stopCounting();
                assertThat(backlog.bytes()).isZero();
            }
            one.add(stanza(10));
            while (one.bytes() > 0) {
                one.take();
                one.written();
            }
            assertThat(backlog.bytes()).as("seed " + seed).isZero();
        }
    }
}
