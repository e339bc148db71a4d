package org.channelgateway.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class OutgoingQueueTest {
    private final OutgoingQueue queue = new OutgoingQueue(3, 100);

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
}
