package org.channelgateway.channel;

import java.util.Collection;
import java.util.List;
import org.channelgateway.registry.Lease;

/** Who listens to the channels, and how a message gets to them. Thread-safe. */
public interface Audience {
    /**
     * What became of a message.
     *
     * @param receivers how many sessions took it
     * @param refusals how many did not, being over or full
     * @param isOneBehind whether one that took it does not keep up
     */
    record Handed(int receivers, int refusals, boolean isOneBehind) {}

    /**
     * Hands each message to every session of its channel, in order: all of them, or none when it is refused.
     *
     * @return what became of each, in order
     * @throws RefusedException when there is no room for them
     */
    List<Handed> deliver(List<Headline> headlines);

    /** Whether a subscriber of the channel does not keep up, as far as that is known here. */
    boolean hasOneBehind(Channel channel);

    /** How many sessions listen to a channel. */
    int count(Channel channel);

    /** Ends the sessions of leases that were revoked. */
    void revoked(Collection<Lease> leases);
}
