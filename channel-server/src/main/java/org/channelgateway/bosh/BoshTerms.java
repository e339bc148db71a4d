package org.channelgateway.bosh;

import java.time.Duration;

/**
 * What one session was granted (XEP-0124 §7.2).
 *
 * @param waitTime longest time a request is held; zero for a polling session
 * @param hold most requests held at once
 * @param inactivity how long the session lives without a request
 * @param acks both sides acknowledge what they received (XEP-0124 §9)
 */
public record BoshTerms(Duration waitTime, int hold, Duration inactivity, boolean acks) {
    private static final Duration LEAST_MAX_PAUSE = Duration.ofMinutes(2);

    /** Most requests that may be open at once (XEP-0124 §7.2). */
    public int requests() {
        return hold + 1;
    }

    /** True when nothing is held (XEP-0124 §12). */
    boolean isPolling() {
        return hold == 0;
    }

    /** The longest pause that a client may ask for: the inactivity may always be asked for (XEP-0124 §10). */
    Duration maxPause() {
        return inactivity.compareTo(LEAST_MAX_PAUSE) < 0 ? LEAST_MAX_PAUSE : inactivity;
    }

    static BoshTerms of(BoshConfig config) {
        return new BoshTerms(config.waitTime(), config.hold(), config.inactivity(), false);
    }

    /** The smaller of what was asked and what the settings allow; without a wait nothing is held. */
    static BoshTerms of(BoshConfig config, BoshRequest.Creation asked) {
        Duration waitTime = Duration.ofSeconds(
                Math.min(asked.waitSeconds(), config.waitTime().toSeconds()));
        int hold = waitTime.isZero() ? 0 : Math.min(asked.hold(), config.hold());
        if (hold == 0) { // it comes only now and then, and has to be let (XEP-0124 §12)
            Duration inactivity = config.inactivity().plus(PollPace.POLLING.multipliedBy(2));
            return new BoshTerms(Duration.ZERO, 0, inactivity, asked.acks());
        }
        return new BoshTerms(waitTime, hold, config.inactivity(), asked.acks());
    }
}
