package org.channelgateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RetryTest {
    @Test
    void tellsEachAnotherTimeFromTheLeastToTwiceThat() {
        Set<Duration> told = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            told.add(Retry.after(Duration.ofSeconds(30)));
        }
        assertThat(told)
                .hasSizeGreaterThan(20)
                .allMatch(time -> time.compareTo(Duration.ofSeconds(30)) >= 0
                        && time.compareTo(Duration.ofSeconds(60)) <= 0
                        && time.toNanosPart() == 0);
    }
}
