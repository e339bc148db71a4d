package org.channelgateway.channel;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.Token;

/** Opens and ends the sessions of browsers. Thread-safe. */
public final class BrowserSessions {
    private static final Duration SOONEST = Duration.ofSeconds(2);
    /** Those who are refused together do not come back together. */
    private static final int JITTER_SECONDS = 5;

    private final XmppBackend backend;
    private final ChannelService channels;

    public BrowserSessions(XmppBackend backend, ChannelService channels) {
        this.backend = backend;
        this.channels = channels;
    }

    /**
     * Looks whether a session could be opened; it may be otherwise a moment later.
     *
     * @throws RefusedException when there is no room for it, or the gateway stops
     */
    public void checkRoom(Lease lease, String address) {
        checkUp();
        backend.checkRoom(lease, address);
    }

    /**
     * Opens a session for the holder of a lease that {@link Admissions} has admitted.
     *
     * @param token that of the lease
     * @param address the IP address that it is asked for from
     */
    public Connected connect(Lease lease, Token token, String address) {
        checkUp();
        return new Connected(backend.connect(lease, token, address), channels.channelId(lease), lease.expires());
    }

    private void checkUp() {
        if (!backend.isUp()) {
            Duration later = SOONEST.plusSeconds(ThreadLocalRandom.current().nextInt(JITTER_SECONDS));
            throw new RefusedException(
                    RefusedException.Kind.STOPPING,
                    "sessions: none can be opened, the gateway stops or cannot reach the XMPP server (expected: again soon)",
                    later);
        }
    }

    /** Ends the BOSH session {@code sid}; nothing happens when there is none. */
    public void disconnect(String sid) {
        backend.disconnect(sid);
    }
}
