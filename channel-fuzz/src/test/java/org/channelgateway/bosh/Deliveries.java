package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.channelgateway.bosh.FuzzedBrowser.Sent;

/** What was handed to a session, numbered, and what its answers hold of it. */
final class Deliveries {
    private static final String MARK = "<d n='";
    private static final String[] FILLINGS = {"", "x".repeat(1000), "y".repeat(40_000), "z".repeat(120_000)};

    private int last;

    /** Renders the next one. */
    String next(int size) {
        last++;
        return MARK + last + "'>" + FILLINGS[size % FILLINGS.length] + "</d>";
    }

    /** The last one was not taken. */
    void refused() {
        last--;
    }

    int last() {
        return last;
    }

    /** The numbers in one answer. */
    List<Integer> in(String answer) {
        List<Integer> numbers = new ArrayList<>();
        for (int at = answer.indexOf(MARK); at >= 0; at = answer.indexOf(MARK, at + 1)) {
            int from = at + MARK.length();
            numbers.add(Integer.valueOf(answer.substring(from, answer.indexOf('\'', from))));
        }
        return numbers;
    }

    /**
     * Each rid has one answer, whatever connection asked for it; the answers, in the order of the rids, bring everything
     * once and in order. Only an answer that nobody asked for any more may have held what is missing.
     */
    void check(SortedMap<Long, Sent> sent) {
        int expected = 1;
        boolean unseen = false;
        for (Map.Entry<Long, Sent> request : sent.entrySet()) {
            String answer = answer(request.getValue());
            unseen |= answer.isEmpty();
            for (int number : in(answer)) {
                assertThat(number).as("rid %s", request.getKey()).isGreaterThanOrEqualTo(expected);
                if (!unseen) {
                    assertThat(number).as("rid %s", request.getKey()).isEqualTo(expected);
                }
                unseen = false;
                expected = number + 1;
            }
        }
        assertThat(expected).isLessThanOrEqualTo(last + 1);
    }

    /** Empty when all connections broke before it came. */
    private static String answer(Sent request) {
        String answer = "";
        for (RecordingExchange copy : request.copies) {
            boolean says = !copy.isError() && !(copy.isTerminal() && !answer.isEmpty());
            if (says && !answer.isEmpty()) {
                assertThat(copy.text()).as("the answer to a repeat").isEqualTo(answer);
            }
            answer = says ? copy.text() : answer;
        }
        for (RecordingExchange other : request.others) {
            assertThat(other.isTerminal())
                    .as("another body under the same rid is refused")
                    .isTrue();
        }
        return answer;
    }
}
