package org.channelgateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PacerTest {
    private final AtomicLong now = new AtomicLong();

    private Pacer pacer(int perSecond) {
        return new Pacer(perSecond, now::get, bound -> 0);
    }

    @Test
    void sendsAwayWhoComesTooFastAndTheLaterTheMore() {
        Pacer pacer = pacer(10);
        int in = 0;
        while (pacer.enter() == 0) {
            in++;
        }
        assertThat(in).isEqualTo(51);
        for (int i = 2; i < 10; i++) {
            assertThat(pacer.enter()).isEqualTo(1);
        }
        assertThat(pacer.enter()).isEqualTo(2);
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(pacer.enter()).isZero();
    }

    @Test
    void letsOneAddressOpenAPartOfWhatAllMay() {
        Pacer pacer = pacer(4000);
        int opened = 0;
        while (pacer.mayOpen("192.0.2.1")) {
            opened++;
        }
        assertThat(opened).isEqualTo(201); // of two seconds
        assertThat(pacer.mayOpen("192.0.2.2")).isTrue();
        assertThat(pacer.mayOpen(null)).isTrue();
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(pacer.mayOpen("192.0.2.1")).isTrue();
        assertThat(pacer.enter()).isZero();
    }

    @Test
    void asksForNoLongerPauseThanHalfAMinute() {
        Pacer pacer = pacer(1);
        for (int i = 0; i < 1000; i++) {
            assertThat(pacer.retryAfter()).isBetween(1, 32);
        }
    }

    /** 5,000 that are sent away at once come again over several seconds, and the rest of them after those. */
    @Test
    void spreadsThoseThatAreSentAwayAtOnce() {
        Random random = new Random(1);
        Pacer pacer = new Pacer(1000, now::get, random::nextInt);
        TreeMap<Integer, Integer> bySecond = new TreeMap<>();
        for (int i = 0; i < 5000; i++) {
            bySecond.merge(pacer.retryAfter(), 1, Integer::sum);
        }
        assertThat(bySecond.firstKey()).isEqualTo(1);
        assertThat(bySecond.lastKey()).isBetween(8, 12);
        assertThat(bySecond.values()).allMatch(count -> count < 1000);
    }
}
