package org.channelgateway.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RetryDelayTest {
    private final RetryDelay delay = new RetryDelay(new Random(42));

    @Test
    void isAnywhereFromZeroToTwoToThePowerOfTheFailuresInSeconds() {
        for (int failures = 1; failures <= 12; failures++) {
            int n = failures;
            Duration most = Duration.ofSeconds(1L << n);
            assertThat(IntStream.range(0, 1000).mapToObj(i -> delay.after(n)))
                    .allMatch(wait -> !wait.isNegative() && wait.compareTo(most) <= 0)
                    .anyMatch(wait -> wait.compareTo(most.dividedBy(10)) < 0)
                    .anyMatch(wait -> wait.compareTo(most.multipliedBy(9).dividedBy(10)) > 0);
        }
    }
}
