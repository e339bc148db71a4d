package org.channelgateway.it;

import java.time.Duration;
import java.time.Instant;

/** A clock of its own that stands still until a test moves it. Thread-safe. */
final class StandingClock implements MovableClock {
    private volatile Instant now = Instant.parse("2026-11-22T10:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public Duration error() {
        return Duration.ZERO;
    }
}
