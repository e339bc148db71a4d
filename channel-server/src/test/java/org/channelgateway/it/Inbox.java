package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.channelgateway.it.ChannelApi.Created;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.SimpleIQ;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jspecify.annotations.Nullable;

/** A subscriber over Smack that keeps what it is sent, and connects again when its gateway comes back. Thread-safe. */
final class Inbox implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** XEP-0199 §4.2. */
    private static final class Ping extends SimpleIQ {
        Ping() {
            super("ping", "urn:xmpp:ping");
        }
    }

    private final InetSocketAddress server;
    private final Created channel;
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private volatile @Nullable XMPPTCPConnection connection;
    private volatile boolean closed;

    /** One that is connected. */
    Inbox(GatewayFixture gateway, Created channel) {
        this(gateway.xmpp(), channel);
    }

    /** @param server of XMPP over TCP */
    Inbox(InetSocketAddress server, Created channel) {
        this.server = server;
        this.channel = channel;
        connect();
    }

    /** One that is a subscriber of {@code key}: on the cluster it becomes that a moment after its login was answered. */
    static Inbox of(GatewayFixture gateway, String key) {
        int before = gateway.api().subscribers(key).orElse(0);
        Inbox inbox = new Inbox(gateway, gateway.api().create(key));
        await().atMost(PATIENCE).until(() -> gateway.api().subscribers(key).orElse(0) > before);
        return inbox;
    }

    private void connect() {
        await().atMost(PATIENCE).until(() -> closed || connected());
    }

    private boolean connected() throws IOException, InterruptedException {
        XMPPTCPConnection tried = new XMPPTCPConnection(XMPPTCPConnectionConfiguration.builder()
                .setXmppDomain(WireClient.DOMAIN)
                .setHostAddress(server.getAddress())
                .setPort(server.getPort())
                .setSecurityMode(SecurityMode.disabled)
                .setUsernameAndPassword(WireClient.localpart(channel.jid()), channel.token())
                .build());
        tried.addSyncStanzaListener(stanza -> messages.add(((Message) stanza).getBody()), StanzaTypeFilter.MESSAGE);
        tried.addConnectionListener(new Ends(tried));
        try {
            tried.connect().login();
            tried.sendIqRequestAndWaitForResponse(new Ping()); // answered when the session is a subscriber's
            connection = tried;
            return true;
        } catch (SmackException | XMPPException e) { // the gateway stops or is not there
            tried.instantShutdown();
            return false;
        }
    }

    /** Connects again after a stream that the gateway has ended. */
    private final class Ends implements ConnectionListener {
        private final XMPPTCPConnection ended;

        Ends(XMPPTCPConnection ended) {
            this.ended = ended;
        }

        @Override
        public void connectionClosed() {
            again();
        }

        @Override
        public void connectionClosedOnError(Exception why) {
            again();
        }

        private void again() {
            if (connection == ended) {
                connection = null;
                Thread thread = new Thread(Inbox.this::connect, "inbox");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    /** Waits until its connection is lost, and all that came on it is read. */
    void awaitLost() {
        await().atMost(PATIENCE).until(() -> connection == null);
    }

    void awaitConnected() {
        await().atMost(PATIENCE).until(() -> connection != null);
    }

    /** What has arrived so far, in order. */
    List<String> messages() {
        return messages;
    }

    void awaitCount(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages).hasSizeGreaterThanOrEqualTo(count));
    }

    @Override
    public void close() {
        closed = true;
        XMPPTCPConnection last = connection;
        connection = null;
        if (last != null) {
            last.instantShutdown();
        }
    }
}
