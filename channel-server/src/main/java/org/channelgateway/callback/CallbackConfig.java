package org.channelgateway.callback;

import java.time.Duration;

/**
 * How applications are called back.
 *
 * @param grace a session that comes so soon after one of the same channel left takes its place, and neither is told
 * @param timeout longest time of one attempt
 * @param attempts how often a callback is tried before it is given up
 * @param atOnce most attempts at once of one application
 * @param kept how long completed ones are kept
 * @param messagesPerSecond most messages that the pages of one token may send
 */
public record CallbackConfig(
        Duration grace, Duration timeout, int attempts, int atOnce, Duration kept, int messagesPerSecond) {
    public static final CallbackConfig DEFAULT =
            new CallbackConfig(Duration.ofSeconds(1), Duration.ofSeconds(30), 12, 20, Duration.ofHours(1), 20);
}
