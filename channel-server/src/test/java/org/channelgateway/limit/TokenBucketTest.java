package org.channelgateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class TokenBucketTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000); // overflows soon, as it may
    private final TokenBucket bucket = new TokenBucket(10, Duration.ofSeconds(2), now::get);

    private void move(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private int takeOneByOne() {
        int taken = 0;
        while (bucket.take(1).isZero()) {
            taken++;
        }
        return taken;
    }

    @Test
    void givesWhatABurstAllowsAndThenTheRate() {
        assertThat(takeOneByOne()).isEqualTo(21); // the last one empties it
        move(Duration.ofMillis(250));
        assertThat(takeOneByOne()).isEqualTo(2);
        move(Duration.ofSeconds(1));
        assertThat(takeOneByOne()).isEqualTo(10);
    }

    @Test
    void savesNoMoreThanABurst() {
        takeOneByOne();
        move(Duration.ofDays(300));
        assertThat(takeOneByOne()).isEqualTo(21);
    }

    @Test
    void saysHowLongItStaysEmpty() {
        assertThat(bucket.take(50)).isZero();
        assertThat(bucket.take(1)).isEqualTo(Duration.ofSeconds(3));
        move(Duration.ofSeconds(3).minusNanos(1));
        assertThat(bucket.take(1)).isEqualTo(Duration.ofNanos(1));
        move(Duration.ofNanos(1));
        assertThat(bucket.take(1)).isZero();
    }

    @Test
    void letsThroughWhatIsLargerThanABurstAndHasItMadeUpFor() {
        assertThat(bucket.take(1000)).isZero();
        assertThat(bucket.take(1)).isEqualTo(Duration.ofSeconds(98));
    }
}
