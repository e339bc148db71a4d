package org.channelgateway.channel;

import java.time.Duration;
import java.util.List;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.Token;

/** The XMPP server behind the gateway. It tells {@link Subscribers} of every session that comes and goes. */
public interface XmppBackend extends AutoCloseable {
    /**
     * A BOSH session that is authenticated and bound, for a browser to go on with.
     *
     * @param rid the rid that the browser uses next
     * @param path where it polls
     */
    record Attached(
            String jid,
            String sid,
            long rid,
            Duration waitTime,
            int hold,
            int requests,
            Duration inactivity,
            String path) {}

    /** False when it can make no session: it cannot be reached, or it stops. */
    boolean isUp();

    /** Makes no more sessions: the gateway stops. Returns what ends each of those that are there, telling it why. */
    List<Runnable> stop();

    /**
     * Looks whether a session could be made for the account of {@code lease}; it may be otherwise a moment later.
     *
     * @throws RefusedException when the lease has as many as it may have
     * @throws org.channelgateway.limit.FullException when there is no room for it
     */
    void checkRoom(Lease lease, String address);

    /**
     * Makes a session for the account of {@code lease}.
     *
     * @param token that of the lease: the password of its account
     * @param address the IP address that it is asked for from
     * @throws RefusedException when the lease has as many as it may have
     * @throws org.channelgateway.limit.FullException when there is no room for it
     */
    Attached connect(Lease lease, Token token, String address);

    /** Ends the BOSH session {@code sid}; nothing happens when there is none. */
    void disconnect(String sid);

    @Override
    void close();
}
