package org.channelgateway.c2s;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.stream.AsciiCase;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.stream.StreamError;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlStreamReader.Event;
import org.jspecify.annotations.Nullable;

/**
 * The streams that follow one another on a connection (RFC 6120 §4.3.3): headers, STARTTLS, and then what the
 * application makes of it. Thread-safe; events are handled by the thread that reads.
 */
final class Dialogue {
    /** What the client is to send next. */
    private enum Phase {
        HEADER,
        STARTTLS,
        /** It has been told to go on with TLS; until something comes inside, nothing can be said. */
        HANDSHAKE,
        STANZAS,
        /** Nothing: the last words have been said. */
        OVER
    }

    private final C2sServer server;
    private final C2sConnection connection;
    private final StreamWriter writer;
    private final HandedStream handed;
    private final Timing timing;
    /** The domain that the client asked for; null until it asked for one that is served. */
    private volatile @Nullable String domain;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Phase phase = Phase.HEADER;

    @GuardedBy("lock")
    private boolean secure;

    @GuardedBy("lock")
    private @Nullable XmlLimits restarting;

    Dialogue(C2sServer server, C2sConnection connection, StreamWriter writer, HandedStream handed, Timing timing) {
        this.server = server;
        this.connection = connection;
        this.writer = writer;
        this.handed = handed;
        this.timing = timing;
        this.secure = server.tls() == null;
    }

    /** Null until the client asked for one that is served. */
    @Nullable
    String domain() {
        return domain;
    }

    /** True while the header of the client's stream has been answered, and that of the next is not awaited. */
    boolean takesStanzas() {
        lock.lock();
        try {
            return phase == Phase.STANZAS;
        } finally {
            lock.unlock();
        }
    }

    /** What comes after this stanza is the header of a new stream, whose stanzas may cost so much. */
    void awaitRestart(XmlLimits limits) {
        lock.lock();
        try {
            if (phase != Phase.OVER) {
                phase = Phase.HEADER;
                restarting = limits;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The limits of the new stream, once after {@link #awaitRestart}; null otherwise. */
    @Nullable
    XmlLimits takeRestart() {
        lock.lock();
        try {
            XmlLimits limits = restarting;
            restarting = null;
            return limits;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The stream is over. Returns what is to be said, which is {@code last} and before it a header if the client got
     * none (RFC 6120 §4.9.1.2); null when nothing can be said.
     */
    @Nullable
    String end(String last) {
        lock.lock();
        try {
            Phase before = phase;
            phase = Phase.OVER;
            if (before == Phase.HEADER) {
                return StreamHeader.response(server.random(), domain, null) + last;
            }
            return before == Phase.HANDSHAKE ? null : last;
        } finally {
            lock.unlock();
        }
    }

    void opened(Event.Opened opened) {
        XmlElement header = opened.header();
        StreamError problem = StreamHeader.check(opened, server.application());
        domain = problem == null ? lower(header.attribute("to")) : null;
        byte[] response = StreamXml.utf8(StreamHeader.response(server.random(), domain, header.attribute("from")));
        boolean clear;
        lock.lock();
        try {
            if (phase == Phase.OVER) {
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
            connection.end(problem);
        } else if (clear) {
            writer.append(StreamXml.STARTTLS);
        } else if (stream == null) {
            open();
        } else {
            stream.restarted();
        }
        writer.iterate();
    }

    private void open() {
        StreamError refused = server.pace();
        if (refused == null) {
            handed.opened(server.application().open(connection));
        } else {
            connection.end(refused);
        }
    }

    private static @Nullable String lower(@Nullable String name) {
        return name == null ? null : AsciiCase.lower(name);
    }

    /** RFC 6120 §5.4.2. */
    boolean startsTls(XmlElement stanza) {
        lock.lock();
        try {
            if (phase != Phase.STARTTLS || !stanza.is(StreamXml.TLS, "starttls")) {
                return false;
            }
            phase = Phase.HANDSHAKE;
            secure = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Something came: when that was awaited inside TLS, the handshake is over, and the client can be told what is wrong. */
    void heard() {
        lock.lock();
        try {
            if (phase == Phase.HANDSHAKE) {
                phase = Phase.HEADER;
            }
        } finally {
            lock.unlock();
        }
    }

    void received(XmlElement stanza) {
        StreamApplication.Stream stream = handed.get();
        if (stream == null) {
            connection.end(new StreamError("policy-violation", "start TLS first"));
        } else if (!timing.isAnswer(stanza)) {
            stream.received(stanza);
        }
    }

    void ending() {
        StreamApplication.Stream stream = handed.get();
        if (stream != null) {
            stream.ending();
        }
    }

    void batchEnded() {
        StreamApplication.Stream stream = handed.get();
        if (stream != null) {
            stream.batchEnded();
        }
    }
}
