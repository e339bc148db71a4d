package org.channelgateway.ejabberd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LeaseEndsTest {
    private final AtomicLong now = new AtomicLong(1_000);
    private final LeaseEnds ends = new LeaseEnds(() -> Instant.ofEpochSecond(now.get()), Duration.ofSeconds(60));
    private final List<String> over = new ArrayList<>();

    private LeaseEnds.End add(long expiry, String name) {
        return Objects.requireNonNull(ends.add(expiry, () -> over.add(name)));
    }

    private void at(long second) {
        now.set(second);
        ends.tick();
    }

    @Test
    void comeInTheOrderOfTheirTimes() {
        add(1_030, "third");
        add(1_020, "first");
        add(1_020, "second");

        at(1_019);
        assertThat(over).isEmpty();
        at(1_020);
        assertThat(over).containsExactly("first", "second");
        at(1_500);
        assertThat(over).containsExactly("first", "second", "third");
        assertThat(ends.count()).isZero();
    }

    @Test
    void areNotKeptOfALeaseThatLastsLongerThanARequestIsHeld() {
        assertThat(ends.add(1_062, () -> over.add("never"))).isNull();
        assertThat(ends.count()).isZero();
    }

    @Test
    void doNotComeForARequestThatIsOver() {
        LeaseEnds.End end = add(1_020, "answered");
        add(1_020, "held");
        ends.forget(end);

        at(1_020);
        assertThat(over).containsExactly("held");
    }

    @Test
    void comeAtOnceWhereTheTimeIsOver() {
        add(1_000, "over");
        ends.tick();
        assertThat(over).containsExactly("over");
        assertThat(ends.isOver(1_000)).isTrue();
        assertThat(ends.isOver(1_001)).isFalse();
    }
}
