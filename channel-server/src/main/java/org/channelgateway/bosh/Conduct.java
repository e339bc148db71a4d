package org.channelgateway.bosh;

import java.util.function.LongSupplier;
import org.channelgateway.limit.StanzaPace;
import org.jspecify.annotations.Nullable;

/** Whether the new requests of a session keep its rules. Guarded by the lock of the session. */
final class Conduct {
    private final BoshTerms terms;
    /** Null in a session that is held. */
    private final @Nullable PollPace polls;

    private final StanzaPace stanzas;

    /** @param ticker nano time */
    Conduct(BoshTerms terms, LongSupplier ticker) {
        this.terms = terms;
        this.polls = terms.isPolling() ? new PollPace() : null;
        this.stanzas = new StanzaPace(ticker);
    }

    /** Null when it keeps them. */
    @Nullable
    Breach judge(BoshRequest request, long now) {
        if (request.pause() > terms.maxPause().toSeconds()) {
            return Breach.LONG_PAUSE;
        }
        if (polls != null && !polls.accepts(request, now)) {
            return Breach.POLLING_TOO_FAST;
        }
        int count = request.stanzas().size();
        if (count > 0 && !stanzas.untilNext().isZero()) {
            return Breach.STANZAS_TOO_FAST;
        }
        stanzas.count(count);
        return null;
    }

    /** A request was answered. */
    void answered(boolean withPayload) {
        if (polls != null) {
            polls.answered(withPayload);
        }
    }

    void loggedIn(boolean isApplication) {
        stanzas.loggedIn(isApplication);
    }
}
