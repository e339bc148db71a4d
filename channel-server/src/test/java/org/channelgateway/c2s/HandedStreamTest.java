package org.channelgateway.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.xml.XmlElement;
import org.junit.jupiter.api.Test;

class HandedStreamTest {
    private final List<String> events = new ArrayList<>();
    private final HandedStream handed = new HandedStream();

    private final class Recorded implements StreamApplication.Stream {
        @Override
        public void restarted() {}

        @Override
        public void received(XmlElement stanza) {}

        @Override
        public void closed() {
            events.add("closed");
        }
    }

    @Test
    void tellsTheApplicationOnceThatItIsOver() {
        handed.opened(new Recorded());
        handed.end();
        handed.end();
        handed.enter();
        handed.leave();
        assertThat(events).containsExactly("closed");
    }

    @Test
    void leavesTheEndToTheThreadThatHandsUp() {
        handed.opened(new Recorded());
        handed.enter();
        handed.end();
        assertThat(events).isEmpty();
        handed.leave();
        assertThat(events).containsExactly("closed");
    }

    @Test
    void tellsOfAnEndThatCameWhileTheStreamWasOpened() {
        handed.enter();
        handed.end();
        handed.opened(new Recorded());
        assertThat(events).isEmpty();
        handed.leave();
        assertThat(events).containsExactly("closed");
    }

    @Test
    void tellsNobodyOfAStreamThatWasNeverOpened() {
        handed.enter();
        handed.end();
        handed.leave();
        assertThat(events).isEmpty();
        assertThat(handed.get()).isNull();
    }

    @Test
    void survivesAnApplicationThatFailsAtTheEnd() {
        handed.opened(new StreamApplication.Stream() {
            @Override
            public void restarted() {}

            @Override
            public void received(XmlElement stanza) {}

            @Override
            public void closed() {
                events.add("closed");
                throw new IllegalStateException("as the test wants it");
            }
        });
        handed.end();
        assertThat(events).containsExactly("closed");
    }
}
