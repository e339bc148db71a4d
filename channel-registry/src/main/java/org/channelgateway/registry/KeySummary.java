package org.channelgateway.registry;

import java.time.Instant;

/**
 * The live leases of one key.
 *
 * @param leases how many, at least 1
 * @param expires when the last of them ends
 */
public record KeySummary(ChannelKey key, int leases, Instant expires) {
    public KeySummary {
        if (leases < 1) {
            throw new IllegalArgumentException("leases: " + leases + " (expected: >= 1)");
        }
    }
}
