package org.channelgateway.channel;

import org.channelgateway.registry.Lease;

/** Opens and ends the sessions of browsers. Thread-safe. */
public final class BrowserSessions {
    private final XmppBackend backend;
    private final ChannelService channels;

    public BrowserSessions(XmppBackend backend, ChannelService channels) {
        this.backend = backend;
        this.channels = channels;
    }

    /**
     * Opens a session for the holder of a lease that {@link Admissions} has admitted.
     *
     * @param address the IP address that it is asked for from
     */
    public Connected connect(Lease lease, String address) {
        return new Connected(backend.connect(lease, address), channels.channelId(lease), lease.expires());
    }

    /** Ends the BOSH session {@code sid}; nothing happens when there is none. */
    public void disconnect(String sid) {
        backend.disconnect(sid);
    }
}
