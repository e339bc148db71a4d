package org.channelgateway.channel;

import org.channelgateway.registry.Lease;

/** One session that receives what is published to the key of its lease. Equal only to itself. */
public final class Subscription {
    private final Lease lease;
    private final XmppSession session;

    public Subscription(Lease lease, XmppSession session) {
        this.lease = lease;
        this.session = session;
    }

    public Lease lease() {
        return lease;
    }

    public XmppSession session() {
        return session;
    }
}
