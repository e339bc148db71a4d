package org.channelgateway.gc;

import java.util.Collection;
import org.channelgateway.registry.SessionName;

/** The sessions at the outside XMPP server, for whoever may administer it. Thread-safe. */
public interface ServerSessions {
    /**
     * Ends these sessions; those that are gone already are ended, too. Returns when the server has done it.
     *
     * @throws RuntimeException when the server did not do it for all of them; some may be ended
     */
    void end(Collection<SessionName> sessions);

    /**
     * All sessions that are online, of every account of the domain.
     *
     * @throws RuntimeException when the server does not say: a list that is cut short is none
     */
    Collection<SessionName> online();
}
