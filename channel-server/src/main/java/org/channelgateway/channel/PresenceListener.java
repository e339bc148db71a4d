package org.channelgateway.channel;

/** Hears of the sessions that come and go. Thread-safe. */
public interface PresenceListener {
    /** Hears nothing. */
    PresenceListener NONE = new PresenceListener() {
        @Override
        public void connected(Subscription subscription) {}

        @Override
        public void disconnected(Subscription subscription, boolean lapsed) {}
    };

    /**
     * A session can receive. When this returns it is known for good.
     *
     * @throws org.channelgateway.registry.RegistryException when it cannot be known; then the session has to end
     */
    void connected(Subscription subscription);

    /**
     * A session that was connected is over; it may be told before {@link #connected} has returned.
     *
     * @param lapsed true when it was not ended but given up, because nothing was heard of it any more
     */
    void disconnected(Subscription subscription, boolean lapsed);
}
