package org.channelgateway.ejabberd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PulseTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // it overflows in the middle
    private final Pulse pulse = new Pulse("channel.localhost", now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void doubtsAfterFiveSecondsWithoutAWordAndNoLongerAfterOne() {
        pulse.heard();
        pass(Duration.ofSeconds(4));
        List<byte[]> unused = pulse.probes();
        pass(Duration.ofSeconds(1));
        assertThat(pulse.isInDoubt()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(pulse.isInDoubt()).isTrue();
        pulse.heard();
        assertThat(pulse.isInDoubt()).isFalse();
    }

    @Test
    void doesNotDoubtTheServerWhenItStoodStillItself() {
        pulse.heard();
        assertThat(pulse.probes()).isNotEmpty();
        pass(Duration.ofSeconds(10));
        assertThat(pulse.isInDoubt()).isFalse();
        assertThat(pulse.probes()).isNotEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(pulse.isInDoubt()).isTrue();
    }

    @Test
    void sendsProbesToItsOwnNameFromResourcesThatDiffer() {
        List<String> probes = pulse.probes().stream()
                .map(probe -> new String(probe, StandardCharsets.UTF_8))
                .toList();
        assertThat(probes)
                .hasSize(4)
                .doesNotHaveDuplicates()
                .allMatch(probe -> probe.matches(
                        "<message type='headline' from='channel\\.localhost/[a-z0-9]+' to='channel\\.localhost'/>"));
    }
}
