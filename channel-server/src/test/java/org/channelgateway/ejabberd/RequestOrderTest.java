package org.channelgateway.ejabberd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

final class RequestOrderTest {
    private static final String SID = "session";
    private static final Duration MEMORY = Duration.ofSeconds(90);

    private final Clock clock = new Clock();
    private final RequestOrder order = new RequestOrder(() -> clock.now, clock::after, MEMORY);
    private final List<String> sent = new ArrayList<>();

    /** Time that passes when the test says so. */
    private static final class Clock {
        private long now = 1_000_000_000L;
        private final PriorityQueue<Due> due = new PriorityQueue<>();

        private record Due(long at, Runnable task) implements Comparable<Due> {
            @Override
            public int compareTo(Due other) {
                return Long.compare(at, other.at);
            }
        }

        void after(Duration pause, Runnable task) {
            due.add(new Due(now + pause.toNanos(), task));
        }

        void pass(Duration time) {
            long end = now + time.toNanos();
            while (!due.isEmpty() && due.element().at() <= end) {
                Due next = due.remove();
                now = next.at();
                next.task().run();
            }
            now = end;
        }
    }

    private void enter(long rid) {
        order.enter(SID, rid, () -> sent.add(String.valueOf(rid)));
    }

    @Test
    void aFirstRequestLeavesAtOnce() {
        enter(7);
        assertThat(sent).containsExactly("7");
    }

    @Test
    void theNextOneLeavesWhenTheOneBeforeIsAnswered() {
        enter(7);
        enter(8);
        assertThat(sent).containsExactly("7");
        order.over(SID, 7, true);
        assertThat(sent).containsExactly("7", "8");
        clock.pass(RequestOrder.PATIENCE);
        assertThat(sent).containsExactly("7", "8");
    }

    @Test
    void theNextOneLeavesALittleAfterTheOneBeforeThatIsHeld() {
        enter(7);
        enter(8);
        clock.pass(RequestOrder.APART.minusNanos(1));
        assertThat(sent).containsExactly("7");
        clock.pass(Duration.ofNanos(1));
        assertThat(sent).containsExactly("7", "8");
    }

    @Test
    void nothingWaitsForARequestThatIsHeldForLong() {
        enter(7);
        clock.pass(RequestOrder.APART);
        enter(8);
        assertThat(sent).containsExactly("7", "8");
    }

    @Test
    void theEndOfAnEarlierRequestLetsNothingLeave() {
        enter(7);
        clock.pass(RequestOrder.APART);
        enter(8);
        enter(9);
        order.over(SID, 7, true);
        assertThat(sent).containsExactly("7", "8");
        order.over(SID, 8, true);
        assertThat(sent).containsExactly("7", "8", "9");
    }

    @Test
    void twoThatComeTurnedAroundLeaveInTheirOrder() {
        enter(7);
        order.over(SID, 7, true);
        enter(9);
        clock.pass(RequestOrder.PATIENCE.dividedBy(2));
        enter(8);
        assertThat(sent).containsExactly("7", "8");
        order.over(SID, 8, true);
        assertThat(sent).containsExactly("7", "8", "9");
    }

    @Test
    void theLaterOfTwoTurnedAroundKeepsItsDistance() {
        enter(7);
        order.over(SID, 7, true);
        enter(9);
        clock.pass(RequestOrder.PATIENCE.minusNanos(1));
        enter(8);
        clock.pass(RequestOrder.APART.minusNanos(1));
        assertThat(sent).containsExactly("7", "8");
        clock.pass(Duration.ofNanos(1));
        assertThat(sent).containsExactly("7", "8", "9");
    }

    @Test
    void oneWhoseForerunnerDoesNotComeLeavesAfterAWhile() {
        enter(7);
        order.over(SID, 7, true);
        enter(9);
        clock.pass(RequestOrder.PATIENCE.minusNanos(1));
        assertThat(sent).containsExactly("7");
        clock.pass(Duration.ofNanos(1));
        assertThat(sent).containsExactly("7", "9");
        enter(8);
        assertThat(sent).containsExactly("7", "9", "8");
    }

    @Test
    void nothingIsWaitedForOnceMoreInASessionThatOtherGatewaysServeToo() {
        enter(7);
        order.over(SID, 7, true);
        enter(9);
        clock.pass(RequestOrder.PATIENCE);
        order.over(SID, 9, true);
        enter(11);
        assertThat(sent).containsExactly("7", "9", "11");
    }

    @Test
    void twoThatComeTurnedAroundAfterALongHoldLeaveInTheirOrder() {
        enter(7);
        clock.pass(MEMORY.minusSeconds(1));
        order.tick();
        enter(9);
        enter(8);
        clock.pass(RequestOrder.PATIENCE);
        assertThat(sent).containsExactly("7", "8", "9");
    }

    @Test
    void theNextOneDoesNotTakeOneThatWasGivenUpForRead() {
        enter(7);
        enter(8);
        order.over(SID, 7, false);
        assertThat(sent).containsExactly("7");
        clock.pass(RequestOrder.APART);
        assertThat(sent).containsExactly("7", "8");
    }

    @Test
    void oneThatFailsKeepsNoOtherFromItsTurn() {
        enter(7);
        order.enter(SID, 8, () -> {
            throw new IllegalStateException("as a test wants");
        });
        enter(8);
        order.over(SID, 7, true);
        assertThat(sent).containsExactly("7", "8");
    }

    @Test
    void aRepeatOfOneThatWaitsLeavesWithIt() {
        enter(7);
        enter(8);
        order.enter(SID, 8, () -> sent.add("8 again"));
        order.over(SID, 7, true);
        assertThat(sent).containsExactly("7", "8", "8 again");
    }

    @Test
    void whatIsOutsideOfTheWindowIsForEjabberdToJudge() {
        enter(7);
        enter(5);
        enter(10);
        assertThat(sent).containsExactly("7", "5", "10");
    }

    @Test
    void sessionsDoNotWaitForEachOther() {
        enter(7);
        order.enter("another", 8, () -> sent.add("of another"));
        assertThat(sent).containsExactly("7", "of another");
    }

    @Test
    void aSessionIsKnownFromAnAnswerOn() {
        order.over(SID, 7, true);
        enter(9);
        enter(8);
        assertThat(sent).containsExactly("8");
    }

    @Test
    void aSessionIsForgotten() {
        enter(7);
        clock.pass(MEMORY);
        order.tick();
        assertThat(order.count()).isEqualTo(1);
        clock.pass(MEMORY);
        order.tick();
        assertThat(order.count()).isZero();
    }

    @Test
    void aSidThatNoServerMadeIsNotKept() {
        order.enter("x".repeat(65), 7, () -> sent.add("7"));
        order.over("x".repeat(65), 7, true);
        assertThat(sent).containsExactly("7");
        assertThat(order.count()).isZero();
    }
}
