package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    private static List<Long> pauses(Backoff backoff, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> backoff.next().toMillis())
                .toList();
    }

    @Test
    void doublesTheLongestPauseUpToTenSeconds() {
        Backoff longest = new Backoff(bound -> bound - 1);

        assertThat(pauses(longest, 8)).containsExactly(250L, 500L, 1000L, 2000L, 4000L, 8000L, 10_000L, 10_000L);
        assertThat(pauses(longest, 100)).containsOnly(10_000L);
    }

    @Test
    void mayPauseNotAtAll() {
        assertThat(pauses(new Backoff(bound -> 0), 5)).containsOnly(0L);
    }

    @Test
    void pausesAsLongAsAnyUntilAConnectionHasLasted() {
        Backoff longest = new Backoff(bound -> bound - 1);

        longest.longest();

        assertThat(pauses(longest, 3)).containsOnly(10_000L);
        longest.reset();
        assertThat(pauses(longest, 1)).containsExactly(250L);
    }

    @Test
    void startsAgainAfterAConnectionThatLasted() {
        Backoff longest = new Backoff(bound -> bound - 1);
        pauses(longest, 5);

        longest.reset();

        assertThat(pauses(longest, 2)).containsExactly(250L, 500L);
    }
}
