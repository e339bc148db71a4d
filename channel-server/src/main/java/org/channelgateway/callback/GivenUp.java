package org.channelgateway.callback;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.channelgateway.registry.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which callbacks are given up, of each application once a minute: one that is gone for a night gives up many. Thread-safe. */
final class GivenUp {
    private static final Logger LOG = LoggerFactory.getLogger(GivenUp.class);
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Map<String, Long> quietUntil = new ConcurrentHashMap<>();

    void log(Callback callback, String failure) {
        long now = System.nanoTime();
        boolean[] due = new boolean[1];
        quietUntil.compute(callback.app(), (app, until) -> {
            due[0] = until == null || now - until >= 0;
            return due[0] ? (Long) (now + PAUSE_NANOS) : until;
        });
        if (due[0]) {
            LOG.warn(
                    "{} of {} is given up after {} attempts: {}; GET /v1/callbacks?state=failed lists all",
                    callback.name(),
                    callback.app(),
                    callback.attempts(),
                    failure);
        }
    }
}
