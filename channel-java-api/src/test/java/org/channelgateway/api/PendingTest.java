package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.channelgateway.api.Pending.Outgoing;
import org.junit.jupiter.api.Test;

/** Turns, lines and answers. */
final class PendingTest extends PendingFixture {
    @Test
    void takesNothingWithoutALine() {
        publish("a");

        assertThat(take(0)).isEmpty();
        assertThat(take(1)).isEmpty();
    }

    @Test
    void takesEachCallOnceInOrder() {
        Call<?> first = publish("a");
        Call<?> second = publish("b");
        long line = pending.lineUp();

        assertThat(take(line)).containsExactly(first, second);
        assertThat(take(line)).isEmpty();
    }

    @Test
    void hasOnePublishOfAKeyOnItsWay() {
        long line = pending.lineUp();
        Call<?> first = publish("a");
        Call<?> second = publish("a");
        Call<?> third = publish("a");
        Call<?> other = publish("b");

        List<Outgoing> taken = pending.take(line);
        assertThat(calls(taken)).containsExactly(first, other);
        assertThat(pending.answered(taken.get(1).iqId())).isSameAs(other);
        assertThat(take(line)).isEmpty();
        assertThat(pending.answered(taken.get(0).iqId())).isSameAs(first);
        List<Outgoing> next = pending.take(line);
        assertThat(calls(next)).containsExactly(second);
        assertThat(pending.answered(next.get(0).iqId())).isSameAs(second);
        assertThat(take(line)).containsExactly(third);
    }

    @Test
    void revokesAKeyAfterThePublishesBeforeIt() {
        long line = pending.lineUp();
        Call<?> publish = publish("a");
        Call<?> revoke = add(Request.revoke("a"));
        Call<?> create = add(Request.create("a", 0));
        Call<?> get = add(Request.get("a"));

        List<Outgoing> taken = pending.take(line);
        assertThat(calls(taken)).containsExactly(publish, create, get);
        pending.answered(taken.get(0).iqId());
        assertThat(take(line)).containsExactly(revoke);
    }

    @Test
    void answersACallOnce() {
        long line = pending.lineUp();
        publish("a");
        String iqId = pending.take(line).get(0).iqId();

        assertThat(pending.answered("unknown")).isNull();
        assertThat(pending.answered(iqId)).isNotNull();
        assertThat(pending.answered(iqId)).isNull();
    }

    @Test
    void repeatsWhatWasOnItsWayBeforeAllOthersAndInTheSameOrder() {
        long line = pending.lineUp();
        Call<?> a1 = publish("a");
        Call<?> b1 = publish("b");
        Call<?> a2 = publish("a");
        List<Outgoing> before = pending.take(line);
        Call<?> c1 = publish("c");
        pending.lineDown(line, false);
        assertThat(take(line)).isEmpty();

        List<Outgoing> after = pending.take(pending.lineUp());

        assertThat(calls(after)).containsExactly(a1, b1, c1).doesNotContain(a2);
        assertThat(after.get(0).iqId()).isNotEqualTo(before.get(0).iqId());
        assertThat(pending.answered(before.get(0).iqId()))
                .as("an answer on the old line")
                .isNull();
        assertThat(pending.answered(after.get(0).iqId())).isSameAs(a1);
    }

    @Test
    void takesNoNoticeOfTheEndOfAnOldLine() {
        long old = pending.lineUp();
        pending.lineDown(old, false);
        long line = pending.lineUp();
        Call<?> call = publish("a");

        pending.lineDown(old, false);

        assertThat(take(line)).containsExactly(call);
    }

    @Test
    void keepsTheOrderOfAKeyOverLostLinesAndLateAnswers() {
        List<Call<?>> sent = new ArrayList<>();
        IntStream.range(0, 50).forEach(i -> sent.add(publish("a")));
        List<Call<?>> answered = new ArrayList<>();
        long line = pending.lineUp();
        for (int i = 0; answered.size() < sent.size(); i++) {
            List<Outgoing> taken = pending.take(line);
            assertThat(taken).hasSize(1);
            if (i % 3 == 1) {
                pending.lineDown(line, false);
                line = pending.lineUp();
            } else {
                answered.add(pending.answered(taken.get(0).iqId()));
            }
        }

        assertThat(answered).isEqualTo(sent);
    }
}
