package org.channelgateway.bosh;

import java.time.Duration;

/**
 * How fast a polling session polls (XEP-0124 §12). Only there: what is held is paced by the holding, and a session that is
 * told no shortest interval may ask as often as it likes (§11). Guarded by the lock of its session.
 */
final class PollPace {
    /** The shortest interval that a client is told. */
    static final Duration POLLING = Duration.ofSeconds(2);
    /** How much earlier a poll may come, since the network delays one more than the other. */
    private static final Duration SLACK = Duration.ofMillis(500);

    private boolean wasEmpty;
    /** The last new request was answered with stanzas: more may wait, so the next may come at once. */
    private boolean hadPayload;

    private long last;

    /** Takes note of a new request; false when it comes too soon. */
    boolean accepts(BoshRequest request, long now) {
        boolean tooSoon = request.isEmpty()
                && wasEmpty
                && !hadPayload
                && now - last < POLLING.minus(SLACK).toNanos();
        wasEmpty = request.isEmpty();
        hadPayload = false;
        last = now;
        return !tooSoon;
    }

    void answered(boolean withPayload) {
        hadPayload |= withPayload;
    }
}
