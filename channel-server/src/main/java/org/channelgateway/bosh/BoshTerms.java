package org.channelgateway.bosh;

import java.time.Duration;

/**
 * What one session was granted (XEP-0124 §7.2).
 *
 * @param waitTime longest time a request is held; zero for a polling session
 * @param hold most requests held at once
 * @param inactivity how long the session lives without a request
 */
public record BoshTerms(Duration waitTime, int hold, Duration inactivity) {
    /** Most requests that may be open at once (XEP-0124 §7.2). */
    public int requests() {
        return hold + 1;
    }

    static BoshTerms of(BoshConfig config) {
        return new BoshTerms(config.waitTime(), config.hold(), config.inactivity());
    }

    /** The smaller of what was asked and what the settings allow; without a wait nothing is held. */
    static BoshTerms of(BoshConfig config, BoshRequest.Creation asked) {
        Duration waitTime = Duration.ofSeconds(
                Math.min(asked.waitSeconds(), config.waitTime().toSeconds()));
        int hold = waitTime.isZero() ? 0 : Math.min(asked.hold(), config.hold());
        return new BoshTerms(hold == 0 ? Duration.ZERO : waitTime, hold, config.inactivity());
    }
}
