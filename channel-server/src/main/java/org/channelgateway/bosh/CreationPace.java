package org.channelgateway.bosh;

import java.time.Duration;
import org.channelgateway.http.Problem;
import org.channelgateway.http.ProblemException;
import org.channelgateway.limit.Pacer;
import org.channelgateway.stats.RefusalCounts;

/** Lets session creations in one after the other. There is no session yet, so a status tells the others. Thread-safe. */
public final class CreationPace {
    private final Pacer pacer;
    private final RefusalCounts refusals;

    public CreationPace(Pacer pacer, RefusalCounts refusals) {
        this.pacer = pacer;
        this.refusals = refusals;
    }

    /** @throws ProblemException when it has to come again */
    public void enter() {
        int wait = pacer.enter();
        if (wait > 0) {
            refusals.add("bosh", "paced");
            throw new ProblemException(new Problem(
                    503, "sessions: too many are being opened (expected: fewer, later)", Duration.ofSeconds(wait)));
        }
    }
}
