package org.channelgateway.channel;

import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.Lease;

/** A key of an app: two apps may use the same key and never meet. */
public record Channel(String app, ChannelKey key) {
    public static Channel of(Lease lease) {
        return new Channel(lease.app(), lease.key());
    }
}
