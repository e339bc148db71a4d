package org.channelgateway.bench;

import java.io.IOException;
import java.net.Socket;

/** Pings the server: the floor of what an IQ and its answer cost there. */
record XmppPings(XmppPeer peer) implements Load {
    @Override
    public Client connect() throws IOException {
        return new XmppClient(
                peer.login(new Socket(), peer.sender()),
                number -> "<iq type='get' id='" + number + "' to='" + peer.domain()
                        + "'><ping xmlns='urn:xmpp:ping'/></iq>");
    }
}
