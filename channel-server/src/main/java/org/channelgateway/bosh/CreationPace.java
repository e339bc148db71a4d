package org.channelgateway.bosh;

import java.time.Duration;
import org.channelgateway.http.Problem;
import org.channelgateway.http.ProblemException;
import org.channelgateway.limit.Networks;
import org.channelgateway.limit.Pacer;
import org.channelgateway.stats.RefusalCounts;

/** Lets session creations in one after the other. There is no session yet, so a status tells the others. Thread-safe. */
public final class CreationPace {
    private final Pacer pacer;
    private final Networks networks;
    private final RefusalCounts refusals;

    /** @param networks what an address is counted under */
    public CreationPace(Pacer pacer, Networks networks, RefusalCounts refusals) {
        this.pacer = pacer;
        this.networks = networks;
        this.refusals = refusals;
    }

    /**
     * @param address that it is asked for from
     * @throws ProblemException when it has to come again
     */
    public void enter(String address) {
        boolean mayOpen = pacer.mayOpen(networks.counted(address));
        int wait = mayOpen ? pacer.enter() : pacer.retryAfterOfAddress();
        if (wait > 0) {
            refusals.add("bosh", mayOpen ? "paced" : "paced-of-address");
            throw new ProblemException(new Problem(
                    503, "sessions: too many are being opened (expected: fewer, later)", Duration.ofSeconds(wait)));
        }
    }
}
