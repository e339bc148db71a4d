package org.channelgateway.http;

import java.time.Duration;
import org.channelgateway.limit.Networks;

/**
 * What a client's connection may cost.
 *
 * @param requestTime longest time from the first byte of a request to its last, and from a new connection to its first
 * @param answerTime longest time that an answer may wait for a client that does not read it
 * @param idle how long a connection is kept between an answer and the next request; longer than a proxy keeps it
 * @param maxConnections most connections at once
 * @param maxConnectionsPerAddress most of one address
 * @param networks what an address is, and which of them are not counted
 */
public record HttpLimits(
        Duration requestTime,
        Duration answerTime,
        Duration idle,
        int maxConnections,
        int maxConnectionsPerAddress,
        Networks networks) {
    /** Longest request line and headers, when nothing else is said. */
    public static final int DEFAULT_HEADER_BYTES = 8 * 1024;

    public static final HttpLimits DEFAULT = new HttpLimits(
            Duration.ofSeconds(12),
            Duration.ofSeconds(60),
            Duration.ofSeconds(75),
            50_000,
            2000,
            Networks.WITHOUT_LOOPBACK);
}
