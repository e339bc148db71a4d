package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.channelgateway.xml.EncodedStanza;
import org.junit.jupiter.api.Test;

class StanzaQueueTest {
    private final StanzaQueue queue = new StanzaQueue(3, 100);

    @Test
    void givesBackInOrder() {
        EncodedStanza a = stanza(10);
        EncodedStanza b = stanza(10);
        queue.add(a);
        queue.add(b);
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.take()).containsExactly(a, b);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.take()).isEmpty();
    }

    @Test
    void takesNoMoreStanzasThanAgreed() {
        assertThat(queue.add(stanza(1))).isTrue();
        assertThat(queue.add(stanza(1))).isTrue();
        assertThat(queue.add(stanza(1))).isTrue();
        assertThat(queue.add(stanza(1))).isFalse();
        assertThat(queue.size()).isEqualTo(3);
    }

    @Test
    void takesNoMoreBytesThanAgreed() {
        assertThat(queue.add(stanza(60))).isTrue();
        assertThat(queue.add(stanza(41))).isFalse();
        assertThat(queue.add(stanza(40))).isTrue();
        assertThat(queue.add(stanza(1))).isFalse();
    }

    @Test
    void takesASingleStanzaHoweverLong() {
        assertThat(queue.add(stanza(200))).isTrue();
        assertThat(queue.add(stanza(1))).isFalse();
        assertThat(queue.take()).hasSize(1);
        assertThat(queue.add(stanza(100))).isTrue();
    }

    @Test
    void fillsAnAnswerUpToSixtyFourKilobytes() {
        StanzaQueue large = new StanzaQueue(100, 1 << 20);
        large.add(stanza(65_535));
        large.add(stanza(1));
        large.add(stanza(1));
        large.add(stanza(70_000));
        large.add(stanza(1));
        assertThat(large.take()).hasSize(2);
        assertThat(large.take()).hasSize(1);
        assertThat(large.take()).hasSize(1);
        assertThat(large.take()).hasSize(1);
        assertThat(large.isEmpty()).isTrue();
    }

    @Test
    void losesNothingAndCountsRightWhateverComes() {
        Random random = new Random(3);
        Deque<EncodedStanza> expected = new ArrayDeque<>();
        StanzaQueue small = new StanzaQueue(20, 200_000);
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(4) > 0) {
                EncodedStanza stanza = stanza(1 + random.nextInt(30_000));
                int bytes = expected.stream().mapToInt(EncodedStanza::length).sum();
                boolean room = expected.isEmpty() || (expected.size() < 20 && bytes + stanza.length() <= 200_000);
                assertThat(small.add(stanza)).isEqualTo(room);
                if (room) {
                    expected.addLast(stanza);
                }
            } else {
                for (EncodedStanza taken : small.take()) {
                    assertThat(taken).isSameAs(expected.removeFirst());
                }
            }
            assertThat(small.size()).isEqualTo(expected.size());
            assertThat(small.isEmpty()).isEqualTo(expected.isEmpty());
        }
    }

    private static EncodedStanza stanza(int bytes) {
        return new EncodedStanza("x".repeat(bytes));
    }
}
