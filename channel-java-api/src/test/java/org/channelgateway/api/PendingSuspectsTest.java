package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.channelgateway.api.Pending.Outgoing;
import org.junit.jupiter.api.Test;

/** Lines that the gateway ends because of what it read. */
final class PendingSuspectsTest extends PendingFixture {
    private final Call<?> first = publish("a");
    private final Call<?> second = publish("b");
    private final Call<?> third = publish("c");

    /** Writes all of them on a line that ends so, as often as makes them suspect. */
    private void loseTwice() {
        for (int i = 0; i < Window.SUSPICIONS; i++) {
            long line = pending.lineUp();
            assertThat(take(line)).containsExactly(first, second, third);
            assertThat(pending.lineDown(line, true)).isNull();
        }
    }

    @Test
    void sendsSuspectsOneAtATime() {
        loseTwice();
        long line = pending.lineUp();

        for (Call<?> suspect : List.of(first, second, third)) {
            List<Outgoing> taken = pending.take(line);
            assertThat(calls(taken)).containsExactly(suspect);
            assertThat(take(line)).isEmpty();
            assertThat(pending.answered(taken.get(0).iqId())).isSameAs(suspect);
        }
        assertThat(take(line)).isEmpty();
        Call<?> x = publish("x");
        Call<?> y = publish("y");
        assertThat(take(line)).as("as before").containsExactly(x, y);
    }

    @Test
    void givesUpWhatLosesALineAlone() {
        loseTwice();
        long line = pending.lineUp();
        pending.answered(pending.take(line).get(0).iqId());
        assertThat(take(line)).containsExactly(second);

        assertThat(pending.lineDown(line, true)).isSameAs(second);

        assertThat(second.done).isTrue();
        assertThat(take(pending.lineUp())).containsExactly(third);
    }

    @Test
    void blamesNoneForALineThatIsLostOtherwise() {
        loseTwice();
        for (int i = 0; i < 5; i++) {
            long line = pending.lineUp();
            assertThat(take(line)).containsExactly(first);
            assertThat(pending.lineDown(line, false)).isNull();
        }

        assertThat(take(pending.lineUp())).containsExactly(first);
    }

    @Test
    void hasNoSuspectsAmongWhatWasNotOnItsWay() {
        long line = pending.lineUp();
        take(line);
        pending.lineDown(line, true);
        line = pending.lineUp();
        take(line);
        Call<?> late = publish("d");
        pending.lineDown(line, true);
        line = pending.lineUp();
        pending.take(line).forEach(outgoing -> pending.answered(outgoing.iqId()));
        pending.take(line).forEach(outgoing -> pending.answered(outgoing.iqId()));
        pending.take(line).forEach(outgoing -> pending.answered(outgoing.iqId()));
        Call<?> later = publish("e");

        assertThat(take(line)).containsExactly(late, later);
    }

    @Test
    void goesOnWhenASuspectIsGivenUp() {
        loseTwice();
        long line = pending.lineUp();
        assertThat(take(line)).containsExactly(first);

        pending.giveUp(first);

        assertThat(take(line)).containsExactly(second);
    }
}
