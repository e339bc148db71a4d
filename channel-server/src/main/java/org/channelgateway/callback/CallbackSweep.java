package org.channelgateway.callback;

import java.time.Duration;
import java.time.Instant;
import org.channelgateway.registry.Callbacks;

/** Removes callbacks that were kept long enough. Confined to one thread. */
final class CallbackSweep {
    private static final Duration EVERY = Duration.ofMinutes(1);
    /** Somebody should have looked by then. */
    private static final Duration FAILED_KEPT = Duration.ofDays(30);

    private final Callbacks callbacks;
    private final Duration completedKept;
    private Instant next = Instant.MIN;

    CallbackSweep(Callbacks callbacks, Duration completedKept) {
        this.callbacks = callbacks;
        this.completedKept = completedKept;
    }

    /** Removes a batch when it is time to. */
    void tick() {
        Instant now = callbacks.now();
        boolean setBack = next.isAfter(now.plus(EVERY));
        if (setBack || !now.isBefore(next)) {
            boolean more = callbacks.sweep(now.minus(completedKept), now.minus(FAILED_KEPT));
            next = more ? now : now.plus(EVERY);
        }
    }
}
