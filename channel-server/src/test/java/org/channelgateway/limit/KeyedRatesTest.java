package org.channelgateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class KeyedRatesTest {
    private final AtomicLong nanos = new AtomicLong();
    private final KeyedRates rates = new KeyedRates(5, nanos::get);

    @Test
    void slowsWhoeverTakesTooMuchAndNobodyElse() {
        assertThat(IntStream.range(0, 11).mapToObj(i -> rates.take("a"))).containsOnly(Duration.ZERO);
        assertThat(rates.take("a")).isEqualTo(Duration.ofMillis(200));
        assertThat(rates.take("b")).isEqualTo(Duration.ZERO);
        nanos.addAndGet(Duration.ofMillis(200).toNanos());
        assertThat(rates.take("a")).isEqualTo(Duration.ZERO);
    }

    @Test
    void remembersNoMoreThanTenThousandNames() {
        IntStream.range(0, 12).forEach(i -> rates.take("a"));
        IntStream.range(0, 10_000).forEach(i -> rates.take("another " + i));

        assertThat(rates.take("a")).as("forgotten").isEqualTo(Duration.ZERO);
    }
}
