package org.channelgateway.channel;

import org.channelgateway.xml.EncodedStanza;

/** A subscriber's session in an XMPP backend. Thread-safe. */
public interface XmppSession {
    /** Hands the session a stanza; false when it is over or has no room. Never blocks on the network. */
    boolean deliver(EncodedStanza stanza);

    /** True while more waits for the subscriber than a quick one would leave: half of what may. */
    default boolean isBehind() {
        return false;
    }

    /** Ends the session, telling the subscriber why. */
    void end(SessionEnd why);
}
