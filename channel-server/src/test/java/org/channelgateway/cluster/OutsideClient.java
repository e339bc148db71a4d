package org.channelgateway.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;

/** Somebody with an account, over TCP. Thread-safe. */
final class OutsideClient implements AutoCloseable {
    private final XMPPTCPConnection connection;
    private volatile boolean ended;

    OutsideClient(EjabberdProcess ejabberd, String localpart, String password) throws InterruptedException {
        try {
            InetSocketAddress address = ejabberd.c2s();
            connection = new XMPPTCPConnection(XMPPTCPConnectionConfiguration.builder()
                    .setXmppDomain(ejabberd.domain())
                    .setHostAddress(address.getAddress())
                    .setPort(address.getPort())
                    .setUsernameAndPassword(localpart, password)
                    .setSecurityMode(SecurityMode.disabled)
                    .setSendPresence(false)
                    .build());
            connection.setReplyTimeout(30_000);
            connection.setUseStreamManagement(false);
            connection.addConnectionListener(new ConnectionListener() {
                @Override
                public void connectionClosed() {
                    ended = true;
                }

                @Override
                public void connectionClosedOnError(Exception e) {
                    ended = true;
                }
            });
            connection.connect().login();
        } catch (IOException | SmackException | XMPPException e) {
            throw new AssertionError(e);
        }
    }

    /** The full JID that ejabberd gave it. */
    String jid() {
        return connection.getUser().toString();
    }

    /** Whether ejabberd has ended its session. */
    boolean ended() {
        return ended;
    }

    @Override
    public void close() {
        connection.instantShutdown();
    }
}
