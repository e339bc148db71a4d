package org.channelgateway.api;

import java.time.Instant;

/**
 * How a key stands. Immutable.
 *
 * @param key the key
 * @param leases how many of its tokens are valid, at least 1
 * @param subscribers how many sessions listen to it
 * @param expires when the last of its tokens stops being valid
 */
public record ChannelState(String key, int leases, int subscribers, Instant expires) {}
