package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.channelgateway.api.Pending.Outgoing;
import org.junit.jupiter.api.Test;

/** Bounds, time and the end. */
final class PendingLimitsTest extends PendingFixture {
    @Test
    void hasNoMoreOnItsWayThanTheWindow() {
        long line = pending.lineUp();
        IntStream.range(0, Pending.WINDOW + 10).forEach(i -> publish("key " + i));

        List<Outgoing> taken = pending.take(line);
        assertThat(taken).hasSize(Pending.WINDOW);
        assertThat(take(line)).isEmpty();
        pending.answered(taken.get(7).iqId());
        pending.answered(taken.get(3).iqId());
        assertThat(take(line)).hasSize(2);
    }

    @Test
    void givesUpWhatHasWaitedTooLong() {
        Call<?> early = publish("a");
        pass(Duration.ofSeconds(1));
        Call<?> late = publish("a");
        pass(TIMEOUT.minusSeconds(1).minusNanos(1));
        assertThat(pending.overdue()).isEmpty();

        pass(Duration.ofNanos(1));

        assertThat(pending.overdue()).containsExactly(early);
        assertThat(take(pending.lineUp())).containsExactly(late);
    }

    @Test
    void writesNothingWhoseTimeIsOver() {
        Call<?> call = publish("a");
        pass(TIMEOUT);

        assertThat(take(pending.lineUp())).isEmpty();
        assertThat(pending.overdue()).containsExactly(call);
        assertThat(call.written).isFalse();
    }

    @Test
    void goesOnWithAKeyWhoseAnswerDidNotCome() {
        long line = pending.lineUp();
        Call<?> first = publish("a");
        String iqId = pending.take(line).get(0).iqId();
        pass(TIMEOUT.minusSeconds(1));
        Call<?> second = publish("a");
        pass(Duration.ofSeconds(1));

        assertThat(pending.overdue()).containsExactly(first);
        assertThat(first.written).isTrue();
        assertThat(take(line)).containsExactly(second);
        assertThat(pending.answered(iqId)).as("a late answer").isNull();
    }

    @Test
    void keepsThePlaceInTheWindowOfWhatWasGivenUp() {
        long line = pending.lineUp();
        IntStream.range(0, Pending.WINDOW).forEach(i -> publish("key " + i));
        List<Outgoing> taken = pending.take(line);
        pass(TIMEOUT);
        assertThat(pending.overdue()).hasSize(Pending.WINDOW);

        Call<?> next = publish("next");
        assertThat(take(line)).as("the gateway may not be reading").isEmpty();
        pending.answered(taken.get(0).iqId());
        assertThat(take(line)).containsExactly(next);
    }

    @Test
    void givesThePlacesAwayOfWhatWasReadAndNeverAnswered() {
        long line = pending.lineUp();
        IntStream.range(0, Pending.WINDOW).forEach(i -> publish("key " + i));
        pending.take(line);
        pass(TIMEOUT);
        assertThat(pending.overdue()).hasSize(Pending.WINDOW);
        pass(READING.minus(TIMEOUT));
        assertThat(pending.overdue()).isEmpty();

        Call<?> next = publish("next");

        assertThat(take(line)).containsExactly(next);
    }

    @Test
    void keepsThePlaceOfWhatMayStillBeAnswered() {
        long line = pending.lineUp();
        IntStream.range(0, Pending.WINDOW)
                .forEach(i -> add(Request.publish("key " + i, "id", "m"), READING.plusSeconds(1)));
        pending.take(line);
        pass(READING);
        assertThat(pending.overdue()).isEmpty();

        publish("next");

        assertThat(take(line)).isEmpty();
    }

    @Test
    void repeatsAPublishOnlyForAsLongAsItsIdIsSurelyKnown() {
        long line = pending.lineUp();
        Duration patience = Duration.ofHours(1);
        Call<?> publish = add(Request.publish("a", "id", "m"), patience);
        Call<?> get = add(Request.get("a"), patience);
        pending.take(line);
        pass(Duration.ofSeconds(80));
        pending.lineDown(line, false);
        line = pending.lineUp();
        assertThat(take(line)).containsExactly(publish, get);
        pass(Duration.ofSeconds(10));
        pending.lineDown(line, false);

        assertThat(take(pending.lineUp())).containsExactly(get);
        assertThat(pending.overdue()).containsExactly(publish);
        assertThat(publish.written).isTrue();
    }

    @Test
    void aPublishThatWasNeverWrittenMayWaitForLonger() {
        Call<?> publish = add(Request.publish("a", "id", "m"), Duration.ofHours(1));
        pass(Duration.ofMinutes(30));

        assertThat(take(pending.lineUp())).containsExactly(publish);
    }

    @Test
    void refusesMoreCallsThanItsBoundAndTakesThemWhenThereIsRoom() {
        pending = new Pending(2, 1 << 20, READING, () -> now);
        long line = pending.lineUp();
        publish("a");
        publish("a");

        assertThatExceptionOfType(OverloadedException.class)
                .isThrownBy(() -> publish("b"))
                .withMessage("waiting calls: 3 (expected: at most 2)");
        pending.answered(pending.take(line).get(0).iqId());
        Call<?> call = publish("b");
        assertThat(take(line)).contains(call);
    }

    @Test
    void refusesMoreBytesThanItsBound() {
        long cost = Request.publish("a", "id", "m").bytes();
        pending = new Pending(10, 2 * cost, READING, () -> now);
        publish("a");
        publish("a");

        assertThatExceptionOfType(OverloadedException.class)
                .isThrownBy(() -> publish("a"))
                .withMessage("bytes of waiting calls: " + 3 * cost + " (expected: at most " + 2 * cost + ")");
        pass(TIMEOUT);
        assertThat(pending.overdue()).hasSize(2);
        publish("a");
    }

    @Test
    void givesACallUpAndSaysWhetherItWasWritten() {
        long line = pending.lineUp();
        Call<?> written = publish("a");
        Call<?> waiting = publish("a");
        pending.take(line);

        assertThat(pending.giveUp(written)).isTrue();
        assertThat(pending.giveUp(waiting)).isFalse();
        assertThat(pending.giveUp(waiting)).isFalse();
        assertThat(take(line)).isEmpty();
        assertThat(pending.overdue()).isEmpty();
    }

    @Test
    void returnsWhatWaitsAtTheEndAndTakesNothingMore() {
        long line = pending.lineUp();
        Call<?> written = publish("a");
        Call<?> waiting = publish("a");
        pending.take(line);

        assertThat(pending.end(() -> new IllegalStateException("closed"))).containsExactly(written, waiting);
        assertThat(pending.end(() -> new IllegalStateException("closed again"))).isEmpty();
        assertThatIllegalStateException().isThrownBy(() -> publish("b")).withMessage("closed again");
        assertThat(take(line)).isEmpty();
    }
}
