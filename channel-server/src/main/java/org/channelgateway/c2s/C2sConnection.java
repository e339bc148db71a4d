package org.channelgateway.c2s;

import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.Places;
import org.channelgateway.limit.StanzaPace;
import org.channelgateway.stats.SessionLoad;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StreamError;
import org.channelgateway.xml.EncodedStanza;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's TCP connection, and what ends it. Thread-safe. */
final class C2sConnection implements ClientTransport, StreamWriter.Owner, Backlog.Reader {
    private static final Logger LOG = LoggerFactory.getLogger(C2sConnection.class);
    private static final byte[] NOTHING = {};
    private static final StreamError UNREAD = new StreamError("policy-violation", "read what you are sent");

    private static final StreamError BEGUN =
            new StreamError("resource-constraint", "stanza: too much has begun and not ended (expected: again, later)");
    private static final StreamError SLOW_STANZA = new StreamError(
            "policy-violation",
            "stanza: more than " + Timing.STANZA.toSeconds() + " s from its begin (expected: its end)");

    private final C2sServer server;
    private final Places.Place place;
    private final String address;
    private final Timing timing;
    private final StreamWriter writer;
    private final HandedStream handed = new HandedStream();
    private final StanzaPace pace;
    private final Begun begun;
    private final Dialogue dialogue;
    private final ReadLoop loop;
    private final StreamEnd end = new StreamEnd();
    /** The one in use: in clear first, then inside TLS. */
    private volatile Link link;

    /** @param place its own, to be left when it is closed */
    C2sConnection(C2sServer server, EndPoint endPoint, String address, Places.Place place) {
        this.server = server;
        this.place = place;
        this.address = address;
        this.timing = new Timing(server.config(), server.nanoTime());
        this.pace = new StanzaPace(server::nanoTime);
        this.begun = new Begun(server.allowances().begunLogins(), this::endBegun);
        this.writer = new StreamWriter(endPoint, server.config(), server.backlog(), this);
        this.dialogue = new Dialogue(server, this, writer, handed, timing);
        this.loop = new ReadLoop(server, this, writer, handed, dialogue, timing, pace);
        this.link = new Link(endPoint, server.executor(), this);
    }

    Link link() {
        return link;
    }

    @Override
    public String kind() {
        return "tcp";
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public boolean send(EncodedStanza stanza) {
        StreamWriter.Offer offer = writer.offer(stanza);
        if (offer == StreamWriter.Offer.FULL) {
            writer.iterate(); // what was put off may be all that waits
            offer = writer.offer(stanza);
        }
        if (offer == StreamWriter.Offer.FULL && finish(StreamXml.error(UNREAD), true)) {
            server.slowConsumer();
            LOG.warn("client at {} ended: it does not read what it is sent", address);
        }
        WriteTurn.ofThread().write(writer);
        return offer == StreamWriter.Offer.TAKEN;
    }

    @Override
    public boolean isBehind() {
        return writer.isBehind();
    }

    @Override
    public void flush() {
        WriteTurn.ofThread().flush();
    }

    @Override
    public int waitingBytes() {
        return writer.waitingBytes();
    }

    /** Ends the stream for what came on it. */
    void refuse(StreamError error) {
        if (finish(StreamXml.error(error), false)) {
            server.refused(error);
        }
    }

    @Override
    public void endSlow() {
        if (finish(StreamXml.error(UNREAD), true)) {
            server.slowConsumer();
            LOG.warn("client at {} ended: it reads slowest, and too much waits for all", address);
        }
    }

    @Override
    public void awaitRestart(boolean isApplication) {
        dialogue.awaitRestart(server.allowances().of(isApplication));
        timing.loggedIn();
        pace.loggedIn(isApplication);
        begun.moveTo(server.allowances().begun());
        place.loggedIn();
    }

    @Override
    public void end(StreamError error) {
        LOG.debug("client at {} ended: {}", address, error.condition());
        finish(StreamXml.error(error), false);
    }

    /** RFC 6120 §4.4: the end of the client's stream is answered with that of the server's. */
    void closedByClient() {
        finish(StreamXml.END, false);
    }

    /** Ends the stream because the gateway stops; what is being done for the client is answered before. */
    void stop() {
        if (end.hurry()) {
            close();
        } else {
            handed.betweenStanzas(() -> end(new StreamError("system-shutdown", "")));
        }
    }

    /** True once the gateway stops: no other stanza is begun. */
    boolean isStopping() {
        return end.isHurried();
    }

    /** Says the last words and no more. Returns false when the stream was over already. */
    private boolean finish(String last, boolean dropWaiting) {
        if (!end.begin()) {
            return false;
        }
        timing.ended(server.nanoTime());
        begun.forget();
        String words = dialogue.end(last);
        writer.end(words == null ? NOTHING : StreamXml.utf8(words), dropWaiting);
        if (words == null) {
            close();
        } else {
            writer.iterate();
        }
        handed.end();
        return true;
    }

    /** Jetty: there is something to read. */
    void readable() {
        loop.run();
    }

    void heard() {
        timing.heard(server.nanoTime());
    }

    /** So much heap is taken by a stanza that has begun and not ended; 0 without one. */
    void begun(int bytes) {
        if (bytes > 0) {
            timing.begun(server.nanoTime());
        }
        begun.set(bytes);
    }

    /** What it has begun to say costs too much, beside what all others have begun. */
    private void endBegun() {
        boolean unused = end.hurry();
        refuse(BEGUN);
    }

    boolean isLoggedIn() {
        return place.isLoggedIn();
    }

    /** What it has begun to say, and not ended, waits for itself. */
    Backlog.Reader begun() {
        return begun;
    }

    SessionLoad load() {
        return writer.load();
    }

    boolean isOver() {
        return end.hasBegun();
    }

    /** Goes on inside TLS once the client has been told so, while nobody reads (RFC 6120 §5.4.2.3). */
    void startTls() {
        writer.endPart(StreamXml.PROCEED, this::handshake);
        writer.iterate();
    }

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

    @Override
    public void drained() {
        heard(); // it reads
        server.executor().execute(this::readable);
    }

    /** The client may read the last words, and close. */
    @Override
    public void flushed() {
        if (end.outputEnded()) {
            close();
        } else {
            link.getEndPoint().shutdownOutput();
        }
    }

    /** The client sends no more after the end of its stream. */
    void inputEnded() {
        if (end.inputEnded()) {
            close();
        }
    }

    @Override
    public void writeFailed(Throwable cause) {
        LOG.debug("client at {} cannot be written to: {}", address, cause.toString());
        gone();
    }

    /** The client went away without a word. */
    void gone() {
        boolean unused = end.begin();
        timing.ended(server.nanoTime());
        begun.forget();
        writer.end(NOTHING, true);
        close();
        handed.end();
    }

    private void close() {
        link.getEndPoint().close();
    }

    /** Jetty: a link is of no use any more, because its socket is closed or TLS goes on with it. */
    void closed(Link unused) {
        // the socket may be closed while TLS is put on it, and then only the old link hears of it
        if (unused == link || !unused.getEndPoint().isOpen()) {
            gone();
            place.leave();
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
            case SLOW_STANZA -> endSlowStanza(now);
            case CLOSE -> close();
        }
    }

    /** Unless it is the gateway that does not read on. */
    private void endSlowStanza(long now) {
        if (writer.isParked()) {
            timing.beginAgain(now);
        } else {
            refuse(SLOW_STANZA);
        }
    }

    private void ping() {
        String from = dialogue.domain();
        if (from != null && dialogue.takesStanzas()) {
            send(new EncodedStanza(StreamXml.ping(timing.ping(), from)));
        }
    }
}
