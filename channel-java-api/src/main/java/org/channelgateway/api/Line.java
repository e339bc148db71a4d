package org.channelgateway.api;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.SmackException.EndpointConnectionException;
import org.jivesoftware.smack.SmackException.NoResponseException;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Stanza;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.DomainBareJid;
import org.jxmpp.jid.impl.JidCreate;

/** One connection to the gateway, from the first attempt until it is lost; then comes another line. Thread-safe. */
final class Line {
    /** What becomes of a line. Called on threads of the line; must not block. */
    interface Listener {
        void answered(String iqId, Answer answer);

        /** Once, however it was lost. */
        void lost(Line line, Throwable why);
    }

    private final ChannelConfig config;
    private final Addresses addresses;
    private final LongSupplier ticker;
    private final Listener listener;
    private final DomainBareJid domain;
    private final DomainBareJid service;
    private final Sockets sockets = new Sockets();
    private final AtomicBoolean lost = new AtomicBoolean();

    /** Nano time of the last stanza that arrived. */
    private volatile long heard;

    /** Nano time at which a sign of life was asked for. */
    private volatile long asked;

    /** At the last beat. */
    private volatile boolean wasDead;

    /** Null until there is one. */
    private volatile @Nullable XmppStream stream;

    /** @param ticker nano time */
    Line(ChannelConfig config, Addresses addresses, LongSupplier ticker, Listener listener) {
        SmackSetup.ensureDone();
        this.config = config;
        this.addresses = addresses;
        this.ticker = ticker;
        this.listener = listener;
        this.domain = JidCreate.domainBareFromOrThrowUnchecked(config.url().domain());
        this.service = JidCreate.domainBareFromOrThrowUnchecked(
                "channel." + config.url().domain());
    }

    /** Connects and logs in, which may block for long; {@link #giveUp} and an interrupt end it. */
    void open() throws InterruptedException {
        boolean open = false;
        try {
            XmppStream opened = connected();
            opened.login();
            heard = asked = ticker.getAsLong();
            open = true;
        } catch (IOException | SmackException | XMPPException e) {
            throw Failures.of(config.url(), e);
        } finally {
            if (!open) {
                tidy();
            }
        }
    }

    /** After a failed login; a failed connect has left nothing. */
    private void tidy() {
        try {
            shutDown();
        } finally {
            giveUp();
        }
    }

    private void shutDown() {
        XmppStream ending = stream;
        if (ending != null) {
            ending.instantShutdown();
        }
    }

    /** To the first address of the host that takes the connection and says something. */
    private XmppStream connected() throws IOException, SmackException, XMPPException, InterruptedException {
        List<InetAddress> tried = addresses.inOrder();
        for (int i = 0; ; i++) {
            boolean last = i == tried.size() - 1;
            addresses.beginWith(tried.get(last ? 0 : i + 1)); // when there is no time left for another
            try {
                XmppStream connected = connected(tried.get(i), tried.size());
                addresses.beginWith(tried.get(i));
                return connected;
            } catch (EndpointConnectionException | NoResponseException e) {
                if (last) {
                    throw e;
                }
            }
        }
    }

    private XmppStream connected(InetAddress address, int addresses)
            throws IOException, SmackException, XMPPException, InterruptedException {
        XmppStream connecting = new XmppStream(config, address, addresses, sockets, this::read);
        ConnectionListener losses = new Losses();
        connecting.addConnectionListener(losses);
        stream = connecting;
        try {
            connecting.connect();
            connecting.keep();
            return connecting;
        } catch (EndpointConnectionException | NoResponseException e) {
            connecting.removeConnectionListener(losses); // another one may follow
            throw e;
        }
    }

    private final class Losses implements ConnectionListener {
        @Override
        public void connectionClosed() {
            lose(new IOException("the gateway ended the stream"));
        }

        @Override
        public void connectionClosedOnError(Exception why) {
            lose(why);
        }
    }

    private boolean read(Stanza stanza) {
        heard = ticker.getAsLong();
        if (!(stanza instanceof IQ iq)) {
            return false;
        }
        if (iq.isRequestIQ()) {
            send(new ReplyIq(iq));
            return true;
        }
        String id = String.valueOf(stanza.getStanzaId());
        if (!service.equals(iq.getFrom()) || !id.startsWith(Pending.ID_PREFIX)) {
            return false;
        }
        listener.answered(id, AnswerIq.answer(iq));
        return true;
    }

    /**
     * Writes a request, or does nothing when the line is lost. Never waits for the network: a line on which too much waits already
     * is lost.
     */
    void send(String iqId, Request<?> request) {
        send(new RequestIq(iqId, service, request));
    }

    private void send(IQ iq) {
        XmppStream to = stream;
        if (to == null) {
            return;
        }
        if (!to.reserve()) {
            giveUp();
            lose(new IOException("what is sent is not taken"));
            return;
        }
        boolean interrupted = false;
        while (true) {
            try {
                to.sendStanza(iq);
                break;
            } catch (NotConnectedException e) {
                break; // lost: the listener hears of it
            } catch (InterruptedException e) {
                interrupted = true; // of the caller, who is not to stop a request half-way
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** To be called now and then: after half of the silence that is allowed it asks, and half later the line is lost. */
    void beat() {
        if (isDeaf()) {
            giveUp();
            lose(new IOException("the thread that reads is dead"));
            Threads.start("end", this::shutDown);
            return;
        }
        long now = ticker.getAsLong();
        long half = config.silence().toNanos() / 2;
        if (asked - heard > 0) {
            if (now - asked >= half) {
                giveUp();
                lose(new IOException("silent for " + config.silence()));
            }
        } else if (now - heard >= half) {
            asked = now;
            send(new PingIq(domain));
        }
    }

    /** Smack takes no notice when an error ends the thread that reads, and keeps the one that writes. */
    private boolean isDeaf() {
        XmppStream here = stream;
        boolean dead = here != null && !here.isRead();
        boolean deaf = dead && wasDead; // not at once: whoever ends it with a reason tells the reason
        wasDead = dead;
        return deaf && !isLost();
    }

    private void lose(Throwable why) {
        if (lost.compareAndSet(false, true)) {
            listener.lost(this, why);
        }
    }

    boolean isLost() {
        return lost.get();
    }

    /** Ends it without a word, from any thread, at once. */
    void giveUp() {
        sockets.close();
    }

    /** Ends the stream as RFC 6120 §4.4 says, if the gateway does so in time. Blocks for as long. */
    void close(long millis) {
        XmppStream closing = stream;
        if (closing != null && !isLost()) {
            closing.setReplyTimeout(millis);
            Thread farewell = Threads.start("close", () -> end(closing));
            try {
                farewell.join(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        giveUp();
    }

    private static void end(XmppStream closing) {
        try {
            closing.disconnect(null);
        } catch (NotConnectedException e) {
            // ended already
        }
    }
}
