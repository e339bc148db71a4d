package org.channelgateway.api;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ReconnectionManager;
import org.jivesoftware.smack.java7.XmppHostnameVerifier;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.TopLevelStreamElement;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jspecify.annotations.Nullable;
import org.jxmpp.stringprep.XmppStringprepException;

/**
 * Smack's connection, with the answers taken off right behind the parser: Smack's own ways to wait for an answer look through
 * all waiting ones for each stanza, and keep each request until its time is over.
 */
final class XmppStream extends XMPPTCPConnection {
    /** Most stanzas that wait for Smack's thread to write them; below the 500 places of its queue, which would block who sends. */
    static final int MOST_UNWRITTEN = 400;

    private static final String APP_PREFIX = "app-";
    /** Otherwise Smack reads the keys of the JVM's trust store for each connection. */
    private static final KeyManager[] NO_KEYS = {};

    private static final List<String> MECHANISMS = List.of("SCRAM-SHA-1", "PLAIN");

    /** What arrives, on the thread that reads. */
    interface Arrivals {
        /** Whether it was taken, and is nothing for Smack. */
        boolean arrived(Stanza stanza);
    }

    private final Duration patience;
    private final Arrivals arrivals;
    private final AtomicInteger unwritten = new AtomicInteger();

    /** The one that Smack began for this stream; null before the first stanza. */
    private volatile @Nullable Thread readerThread;

    /** @param addresses among how many the time to connect is shared */
    XmppStream(ChannelConfig config, InetAddress address, int addresses, Sockets sockets, Arrivals arrivals) {
        super(configuration(config, address, addresses, sockets));
        this.patience = patience(config, 1);
        this.arrivals = arrivals;
        setReplyTimeout(patience(config, addresses).toMillis());
        setUseStreamManagement(false);
        if (ReconnectionManager.getEnabledPerDefault()) { // by another user of Smack in this JVM
            ReconnectionManager.getInstanceFor(this).disableAutomaticReconnection();
        }
    }

    /** Whether what arrives is still read. */
    boolean isRead() {
        Thread thread = readerThread;
        return thread == null || thread.isAlive();
    }

    /** To be called when the address is the right one: the steps that are left have all the time. */
    void keep() {
        setReplyTimeout(patience.toMillis());
    }

    /** Of each step with one of several addresses. {@link Connector} sees to the whole, and with a single one is to be first. */
    private static Duration patience(ChannelConfig config, int addresses) {
        Duration share = Addresses.share(config.connectTimeout(), addresses);
        return addresses == 1 ? share.plusSeconds(1) : share;
    }

    private static XMPPTCPConnectionConfiguration configuration(
            ChannelConfig config, InetAddress address, int addresses, Sockets sockets) {
        try {
            GatewayUrl url = config.url();
            XMPPTCPConnectionConfiguration.Builder builder = XMPPTCPConnectionConfiguration.builder()
                    .setXmppDomain(url.domain())
                    .setHostAddress(address)
                    .setPort(url.port())
                    .setUsernameAndPassword(
                            APP_PREFIX + url.app(), config.secret().value())
                    .setSecurityMode(url.tls() ? SecurityMode.required : SecurityMode.disabled)
                    .setKeyManagers(NO_KEYS)
                    .setHostnameVerifier(new XmppHostnameVerifier())
                    .addEnabledSaslMechanism(MECHANISMS)
                    .setSendPresence(false)
                    .setCompressionEnabled(false)
                    .setLanguage(Locale.ENGLISH)
                    .setConnectTimeout((int) patience(config, addresses).toMillis())
                    .setSocketFactory(sockets);
            config.trustManager().ifPresent(builder::setCustomX509TrustManager);
            return builder.build();
        } catch (XmppStringprepException e) {
            throw new IllegalArgumentException("url: " + config.url() + " (expected: a domain name)", e);
        }
    }

    /** Has a place for one more stanza; false when so many wait that the network, or the gateway, takes nothing any more. */
    boolean reserve() {
        if (unwritten.incrementAndGet() <= MOST_UNWRITTEN) {
            return true;
        }
        unwritten.decrementAndGet();
        return false;
    }

    /** Called when a stanza was written; of the login's, no place was reserved. */
    @Override
    protected void firePacketSendingListeners(TopLevelStreamElement written) {
        unwritten.updateAndGet(count -> Math.max(0, count - 1));
        super.firePacketSendingListeners(written);
    }

    @Override
    protected void processStanza(Stanza stanza) throws InterruptedException {
        readerThread = Thread.currentThread();
        if (!arrivals.arrived(stanza)) {
            super.processStanza(stanza);
        }
    }
}
