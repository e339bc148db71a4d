package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.channelgateway.it.ChannelApi.Created;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.ConnectionConfiguration;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.bosh.BOSHConfiguration;
import org.jivesoftware.smack.bosh.XMPPBOSHConnection;
import org.jivesoftware.smack.filter.MessageTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jxmpp.stringprep.XmppStringprepException;

/** A subscriber that is a chat client made with Smack: at login it asks for its roster and says that it is available. */
final class SmackSubscriber implements Subscriber {
    /** What carries its stream. */
    enum Transport {
        BOSH {
            @Override
            AbstractXMPPConnection connection(URI http, InetSocketAddress xmpp, Created channel)
                    throws XmppStringprepException {
                return new XMPPBOSHConnection(configured(BOSHConfiguration.builder(), channel)
                        .setHost("localhost") // smack-bosh makes a wrong URL of an address
                        .setPort(http.getPort())
                        .setFile("/http-bind")
                        .build());
            }
        },
        TCP {
            @Override
            AbstractXMPPConnection connection(URI http, InetSocketAddress xmpp, Created channel)
                    throws XmppStringprepException {
                return new XMPPTCPConnection(configured(XMPPTCPConnectionConfiguration.builder(), channel)
                        .setHostAddress(xmpp.getAddress())
                        .setPort(xmpp.getPort())
                        .build());
            }
        };

        abstract AbstractXMPPConnection connection(URI http, InetSocketAddress xmpp, Created channel)
                throws XmppStringprepException;

        private static <B extends ConnectionConfiguration.Builder<B, ?>> B configured(B builder, Created channel)
                throws XmppStringprepException {
            return builder.setXmppDomain(WireClient.DOMAIN)
                    .setSecurityMode(SecurityMode.disabled) // on loopback, without a certificate
                    .setUsernameAndPassword(WireClient.localpart(channel.jid()), channel.token());
        }
    }

    private static final int PATIENCE_MILLIS = 30_000;

    private final AbstractXMPPConnection connection;
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Exception> cut = new CompletableFuture<>();

    /** {@link #login} is next. */
    SmackSubscriber(Transport transport, GatewayFixture gateway, Created channel) throws XmppStringprepException {
        this(transport, gateway.behind(), gateway.xmpp(), channel);
    }

    /** The same through other addresses than the gateway's own. */
    SmackSubscriber(Transport transport, URI http, InetSocketAddress xmpp, Created channel)
            throws XmppStringprepException {
        this(transport.connection(http, xmpp, channel));
    }

    /** The same over a connection that is not connected yet. */
    SmackSubscriber(AbstractXMPPConnection connection) {
        this.connection = connection;
        connection.setReplyTimeout(PATIENCE_MILLIS);
        connection.addStanzaListener(stanza -> messages.add((Message) stanza), MessageTypeFilter.HEADLINE);
        connection.addConnectionListener(new ConnectionListener() {
            @Override
            public void connectionClosedOnError(Exception e) {
                cut.complete(e);
            }
        });
    }

    SmackSubscriber login() throws XMPPException, SmackException, IOException, InterruptedException {
        connection.connect();
        connection.login();
        return this;
    }

    AbstractXMPPConnection connection() {
        return connection;
    }

    /** The headlines that have arrived, in order. */
    List<Message> messages() {
        return messages;
    }

    @Override
    public boolean isConnected() {
        return connection.isAuthenticated() && !cut.isDone();
    }

    @Override
    public List<String> texts() {
        return messages.stream().map(Message::getBody).toList();
    }

    /** Completed when the gateway, or the network, has ended its connection. */
    CompletableFuture<Exception> cut() {
        return cut;
    }

    @Override
    public void close() {
        try {
            connection.disconnect();
        } catch (IllegalStateException e) { // smack-bosh lost its connection between its look at it and its last stanza
            assertThat(connection.isConnected()).isFalse();
        }
    }
}
