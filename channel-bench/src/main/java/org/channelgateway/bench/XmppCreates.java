package org.channelgateway.bench;

import java.io.IOException;
import java.net.Socket;

/** Creates channels by IQ, each for a key of its own; on ejabberd, accounts. */
record XmppCreates(XmppPeer peer) implements Load {
    @Override
    public Client connect() throws IOException {
        return new XmppClient(peer.login(new Socket(), peer.sender()), peer::create);
    }
}
