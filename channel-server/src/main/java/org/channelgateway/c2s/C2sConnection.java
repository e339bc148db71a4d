package org.channelgateway.c2s;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.stream.StreamError;
import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlException;
import org.channelgateway.xml.XmlStreamReader.Event;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's TCP connection: the streams that follow one another on it (RFC 6120 §4.3.3), and their end. Thread-safe:
 * decided under one lock, done after it; one thread at a time reads.
 */
final class C2sConnection implements ClientTransport, StreamWriter.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(C2sConnection.class);
    private static final byte[] NOTHING = {};

    /** What the client is to send next. */
    private enum Phase {
        HEADER,
        STARTTLS,
        /** It has been told to go on with TLS; until its header comes inside, nothing can be said. */
        HANDSHAKE,
        STANZAS
    }

    /** Why a thread stops reading. */
    private enum Pause {
        /** The socket has no more for now. */
        NEEDS_BYTES,
        /** The client is to read first. */
        CONGESTED,
        HANDSHAKE,
        /** The client sends no more. */
        GONE
    }

    private final C2sServer server;
    private final String address;
    private final Timing timing;
    private final StreamReading reading;
    private final StreamWriter writer;
    private final HandedStream handed = new HandedStream();
    private volatile Link link;
    /** The domain that the client asked for; null until it asked for one that is served. */
    private volatile @Nullable String domain;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Phase phase = Phase.HEADER;

    @GuardedBy("lock")
    private boolean secure;

    /** The application awaits a new stream. */
    @GuardedBy("lock")
    private boolean restarting;

    @GuardedBy("lock")
    private boolean over;

    @GuardedBy("lock")
    private boolean inputEnded;

    @GuardedBy("lock")
    private boolean outputEnded;

    /** The client is not waited for once it has been told that the stream is over. */
    @GuardedBy("lock")
    private boolean hurried;

    C2sConnection(C2sServer server, EndPoint endPoint) {
        this.server = server;
        this.address = endPoint.getRemoteSocketAddress() instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : "";
        this.secure = server.tls() == null;
        this.timing = new Timing(server.config(), server.nanoTime());
        this.reading = new StreamReading(server.pool());
        this.writer = new StreamWriter(endPoint, server.config(), this);
        this.link = new Link(endPoint, server.executor(), this);
    }

    /** What Jetty is to know of this connection. */
    Link link() {
        return link;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public boolean send(EncodedStanza stanza) {
        StreamWriter.Offer offer = writer.offer(stanza.bytes());
        if (offer == StreamWriter.Offer.FULL) {
            LOG.warn("client at {} ended: it does not read what it is sent", address);
            finish(StreamXml.error(new StreamError("policy-violation", "read what you are sent")), true);
        }
        writer.iterate();
        return offer == StreamWriter.Offer.TAKEN;
    }

    @Override
    public void awaitRestart() {
        lock.lock();
        try {
            phase = Phase.HEADER;
            restarting = true;
        } finally {
            lock.unlock();
        }
        timing.loggedIn();
    }

    @Override
    public void end(StreamError error) {
        LOG.debug("client at {} ended: {}", address, error.condition());
        finish(StreamXml.error(error), false);
    }

    /** Ends the stream because the gateway stops. */
    void stop() {
        boolean said;
        lock.lock();
        try {
            hurried = true;
            said = outputEnded;
        } finally {
            lock.unlock();
        }
        if (said) {
            close();
        } else {
            end(new StreamError("system-shutdown", ""));
        }
    }

    /** Says the last words, with a header before them if the client got none (RFC 6120 §4.9.1.2), and no more. */
    private void finish(String last, boolean dropWaiting) {
        String words = last;
        boolean silent;
        lock.lock();
        try {
            if (over) {
                return;
            }
            over = true;
            silent = phase == Phase.HANDSHAKE;
            if (phase == Phase.HEADER) {
                words = StreamHeader.response(server.random(), domain, null) + last;
            }
        } finally {
            lock.unlock();
        }
        timing.ended(server.nanoTime());
        writer.end(StreamXml.utf8(words), dropWaiting);
        if (silent) {
            close();
        } else {
            writer.iterate();
        }
        handed.end();
    }

    /** Jetty: there is something to read. */
    void readable() {
        Pause pause;
        do {
            pause = read();
        } while (pause == Pause.CONGESTED && !writer.park());
        // from here on another thread may read
        if (pause == Pause.NEEDS_BYTES) {
            link.fillInterested();
        } else if (pause == Pause.HANDSHAKE) {
            writer.endPart(StreamXml.PROCEED, this::handshake);
            writer.iterate();
        }
    }

    private Pause read() {
        Link from = link;
        reading.begin();
        handed.enter();
        try {
            return isOver() ? drain(from) : handUp(from);
        } catch (XmlException e) {
            end(StreamXml.errorOf(e));
        } catch (IOException e) {
            LOG.debug("client at {} is gone: {}", address, e.getMessage());
            gone();
            return Pause.GONE;
        } catch (RuntimeException | Error e) { // not handed on: the connection would never end
            LOG.error("client at {}: a stanza could not be handled", address, e);
            end(new StreamError("internal-server-error", ""));
        } finally {
            if (isOver()) {
                reading.discard();
            }
            handed.leave();
        }
        return Pause.NEEDS_BYTES;
    }

    private Pause handUp(Link from) throws IOException, XmlException {
        while (!isOver()) {
            if (writer.isCongested()) {
                return Pause.CONGESTED;
            }
            Event event = reading.next(from, this::heard);
            if (event == null) {
                return Pause.NEEDS_BYTES;
            } else if (event instanceof Event.Opened opened) {
                opened(opened);
            } else if (event instanceof Event.Stanza stanza) {
                if (startsTls(stanza.element())) {
                    reading.restartInTls();
                    return Pause.HANDSHAKE;
                }
                received(stanza.element());
            } else if (event instanceof Event.Closed) {
                finish(StreamXml.END, false);
            } else {
                throw new AssertionError(event);
            }
        }
        return Pause.NEEDS_BYTES;
    }

    /** The stream is over: what still comes is nobody's. */
    private Pause drain(Link from) throws IOException {
        if (reading.drain(from)) {
            return Pause.NEEDS_BYTES;
        }
        boolean both;
        lock.lock();
        try {
            inputEnded = true;
            both = outputEnded;
        } finally {
            lock.unlock();
        }
        if (both) {
            close();
        }
        return Pause.GONE;
    }

    private void opened(Event.Opened opened) {
        XmlElement header = opened.header();
        StreamError problem = StreamHeader.check(opened, server.application());
        domain = problem == null ? header.attribute("to") : null;
        byte[] response = StreamXml.utf8(StreamHeader.response(server.random(), domain, header.attribute("from")));
        boolean clear;
        lock.lock();
        try {
            if (over) {
                return;
            }
            clear = !secure;
            phase = clear ? Phase.STARTTLS : Phase.STANZAS;
            writer.append(response);
        } finally {
            lock.unlock();
        }
        StreamApplication.Stream stream = handed.get();
        if (problem != null) {
            end(problem);
        } else if (clear) {
            writer.append(StreamXml.STARTTLS);
        } else if (stream == null) {
            handed.opened(server.application().open(this));
        } else {
            stream.restarted();
        }
        writer.iterate();
    }

    /** RFC 6120 §5.4.2; anything else is too early while there is no TLS. */
    private boolean startsTls(XmlElement stanza) {
        lock.lock();
        try {
            if (over || phase != Phase.STARTTLS || !stanza.is(StreamXml.TLS, "starttls")) {
                return false;
            }
            phase = Phase.HANDSHAKE;
            secure = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void received(XmlElement stanza) throws XmlException {
        StreamApplication.Stream stream = handed.get();
        if (stream == null) {
            end(new StreamError("policy-violation", "start TLS first"));
        } else if (!timing.isAnswer(stanza)) {
            stream.received(stanza);
        }
        boolean restart;
        lock.lock();
        try {
            restart = restarting;
            restarting = false;
        } finally {
            lock.unlock();
        }
        if (restart) {
            reading.restart(server.config().maxStanzaBytes());
        }
    }

    /** Goes on inside TLS. Run when {@code <proceed/>} has been written, while nobody reads. */
    private void handshake() {
        Tls tls = server.tls();
        if (tls == null) {
            throw new AssertionError("no certificate");
        }
        EndPoint clear = link.getEndPoint();
        SslConnection upgraded = tls.over(clear, server.pool(), server.executor());
        Link inside = new Link(upgraded.getSslEndPoint(), server.executor(), this);
        upgraded.getSslEndPoint().setConnection(inside);
        link = inside;
        writer.endPoint(inside.getEndPoint());
        clear.upgrade(upgraded);
    }

    private void heard() {
        timing.heard(server.nanoTime());
    }

    private boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void drained() {
        heard(); // it reads
        server.executor().execute(this::readable);
    }

    /** The last words have been written: the client may read them and close (RFC 6120 §4.4). */
    @Override
    public void flushed() {
        boolean close;
        lock.lock();
        try {
            outputEnded = true;
            close = inputEnded || hurried;
        } finally {
            lock.unlock();
        }
        if (close) {
            close();
        } else {
            link.getEndPoint().shutdownOutput();
        }
    }

    @Override
    public void writeFailed(Throwable cause) {
        LOG.debug("client at {} cannot be written to: {}", address, cause.toString());
        gone();
    }

    /** The client went away without a word. */
    void gone() {
        lock.lock();
        try {
            over = true;
        } finally {
            lock.unlock();
        }
        timing.ended(server.nanoTime());
        writer.end(NOTHING, true);
        close();
        handed.end();
    }

    private void close() {
        link.getEndPoint().close();
    }

    /** Jetty: {@code closed} is of no use any more, because its socket is closed or TLS goes on with it. */
    void closed(Link closed) {
        // the socket may be closed while it is being upgraded, and then only the old link hears of it
        if (closed == link || !closed.getEndPoint().isOpen()) {
            gone();
            server.remove(this);
        }
    }

    /** Does what the time has come for. */
    void tick(long now) {
        switch (timing.due(now)) {
            case NOTHING -> {}
            case PING -> ping();
            case LOGIN_OVER -> end(new StreamError("connection-timeout", "log in faster"));
            case SILENT -> end(new StreamError("connection-timeout", "nothing came for too long"));
            case CLOSE -> close();
        }
    }

    private void ping() {
        String from = domain;
        if (from != null) {
            send(new EncodedStanza(StreamXml.ping(timing.ping(), from)));
        }
    }
}
