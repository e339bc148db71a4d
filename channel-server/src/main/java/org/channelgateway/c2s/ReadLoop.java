package org.channelgateway.c2s;

import java.io.IOException;
import org.channelgateway.limit.StanzaPace;
import org.channelgateway.stream.StreamError;
import org.channelgateway.xml.XmlException;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlStreamReader.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads events and has them handled, until the socket has no more for now. Run by one thread at a time. */
final class ReadLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ReadLoop.class);

    /** Why a thread stops reading. */
    private enum Pause {
        /** The socket has no more for now. */
        NEEDS_BYTES,
        /** The client is to read first. */
        CONGESTED,
        /** Others have their turn. */
        TURN_OVER,
        /** It sends faster than it may. */
        PACED,
        HANDSHAKE,
        /** The client sends no more. */
        GONE
    }

    /** How long one client's stanzas are handled before others have their turn. */
    private static final long TURN_NANOS = 5_000_000;

    private final C2sServer server;
    private final C2sConnection connection;
    private final StreamWriter writer;
    private final HandedStream handed;
    private final Dialogue dialogue;
    private final Timing timing;
    private final StanzaPace pace;
    private final StreamReading reading;

    ReadLoop(
            C2sServer server,
            C2sConnection connection,
            StreamWriter writer,
            HandedStream handed,
            Dialogue dialogue,
            Timing timing,
            StanzaPace pace) {
        this.server = server;
        this.connection = connection;
        this.writer = writer;
        this.handed = handed;
        this.dialogue = dialogue;
        this.timing = timing;
        this.pace = pace;
        this.reading = new StreamReading(server.pool(), server.allowances().ofLogins());
    }

    void run() {
        Pause pause = read();
        if (pause == Pause.CONGESTED && !writer.park()) {
            pause = Pause.TURN_OVER;
        }
        // T1 has left; from the next step on T2 may run this, woken by the socket or by the writer
        if (pause == Pause.NEEDS_BYTES) {
            connection.link().fillInterested();
        } else if (pause == Pause.TURN_OVER) {
            server.executor().execute(connection::readable);
        } else if (pause == Pause.PACED) {
            server.after(pace.untilNext(), connection::readable);
        } else if (pause == Pause.HANDSHAKE) {
            connection.startTls();
        }
    }

    private Pause read() {
        Link from = connection.link();
        reading.begin();
        handed.enter();
        try {
            return connection.isOver() ? drain(from) : handleAll(from);
        } catch (XmlException e) {
            connection.refuse(StreamXml.errorOf(e));
        } catch (IOException e) {
            LOG.debug("client at {} is gone: {}", connection.address(), e.getMessage());
            connection.gone();
            return Pause.GONE;
        } catch (RuntimeException | Error e) { // not handed on: the connection would never end
            LOG.error("client at {}: a stanza could not be handled", connection.address(), e);
            connection.end(new StreamError("internal-server-error", ""));
        } finally {
            leave();
        }
        return Pause.NEEDS_BYTES;
    }

    private void leave() {
        try {
            WriteTurn.ofThread().end();
            if (connection.isOver() || connection.isStopping()) { // nothing is read any more
                reading.discard();
            }
        } finally {
            handed.leave();
        }
    }

    /** What was handed up before something went wrong is done. */
    private Pause handleAll(Link from) throws IOException, XmlException {
        try {
            return handle(from);
        } finally {
            dialogue.batchEnded();
        }
    }

    private Pause handle(Link from) throws IOException, XmlException {
        WriteTurn turn = WriteTurn.ofThread();
        long turnOver = System.nanoTime() + TURN_NANOS;
        while (!connection.isOver() && !connection.isStopping()) {
            if (writer.isCongested()) {
                return Pause.CONGESTED;
            }
            if (reading.hasMore() && System.nanoTime() - turnOver > 0) {
                return Pause.TURN_OVER;
            }
            if (!pace.untilNext().isZero()) {
                return Pause.PACED;
            }
            Event event = reading.next();
            if (event == null) {
                dialogue.batchEnded();
                turn.flush();
                connection.begun(reading.begunBytes());
                if (!reading.more(from)) {
                    return Pause.NEEDS_BYTES;
                }
                connection.heard();
                dialogue.heard();
            } else if (event instanceof Event.Stanza stanza && dialogue.startsTls(stanza.element())) {
                reading.restartInTls();
                return Pause.HANDSHAKE;
            } else {
                turn.next(reading.hasMore());
                handle(event);
            }
        }
        return Pause.NEEDS_BYTES;
    }

    private void handle(Event event) {
        if (timing.complete()) {
            connection.begun(0);
        }
        if (event instanceof Event.Opened opened) {
            dialogue.opened(opened);
        } else if (event instanceof Event.Stanza stanza) {
            pace.count(1);
            dialogue.received(stanza.element());
            XmlLimits limits = dialogue.takeRestart();
            if (limits != null) {
                reading.restart(limits);
            }
        } else if (event instanceof Event.Closed) {
            dialogue.ending();
            connection.closedByClient();
        } else {
            throw new AssertionError(event);
        }
    }

    /** The stream is over: what still comes is nobody's. */
    private Pause drain(Link from) throws IOException {
        if (reading.drain(from)) {
            return Pause.NEEDS_BYTES;
        }
        connection.inputEnded();
        return Pause.GONE;
    }
}
