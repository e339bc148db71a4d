package org.channelgateway.channel;

import java.time.Instant;
import org.channelgateway.registry.ChannelKey;

/**
 * A channel at one moment.
 *
 * @param leases tokens that are valid
 * @param subscribers sessions that are connected
 * @param expires when the last of its leases ends
 */
public record ChannelState(ChannelKey key, int leases, int subscribers, Instant expires) {}
