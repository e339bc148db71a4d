package org.channelgateway.bosh;

import java.time.Duration;

/**
 * Bounds of BOSH sessions.
 *
 * @param waitTime longest time one request is held; whole seconds on the wire
 * @param hold most requests held at once per session
 * @param inactivity how long a session lives without a request
 * @param maxBodyBytes longest request body
 * @param maxQueuedStanzas most stanzas that wait for the next request of a session
 * @param maxQueuedBytes most bytes that wait; a single stanza may be longer
 */
public record BoshConfig(
        Duration waitTime, int hold, Duration inactivity, int maxBodyBytes, int maxQueuedStanzas, int maxQueuedBytes) {

    public BoshConfig {
        within("wait", waitTime, Duration.ofSeconds(1), Duration.ofSeconds(300));
        within("inactivity", inactivity, Duration.ofSeconds(1), Duration.ofHours(1));
        within("hold", hold, 1, 2);
        within("maxBodyBytes", maxBodyBytes, 1024, 1 << 20);
        within("maxQueuedStanzas", maxQueuedStanzas, 1, 100_000);
        within("maxQueuedBytes", maxQueuedBytes, 1024, 1 << 26);
    }

    private static void within(String name, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0 || value.toNanosPart() != 0) {
            throw new IllegalArgumentException("%s: %s (expected: whole seconds from %ds to %ds)"
                    .formatted(name, value, min.toSeconds(), max.toSeconds()));
        }
    }

    private static void within(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("%s: %d (expected: %d..%d)".formatted(name, value, min, max));
        }
    }
}
