package org.channelgateway.bosh;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlReader;
import org.jspecify.annotations.Nullable;

/** A session of the gateway under a clock that is moved by hand. Whatever a target needs of {@code bosh} is here. */
final class FuzzedSession {
    static final int MAX_STANZAS = 6;
    static final int MAX_BYTES = 100_000;
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final Duration INACTIVITY = Duration.ofSeconds(150);

    private final XmlReader reader = new XmlReader(new XmlLimits(65_536, 32, 64, 1000));
    private final BoshSessions sessions;
    private final BoshSession session;
    private long nanos = Long.MAX_VALUE - 1_000_000_000L; // it overflows on the way

    /** A session that was made for a browser, as {@code connect} does it. */
    FuzzedSession(int hold, StreamApplication.Stream stream) {
        sessions = sessions(hold);
        session = sessions.attach(opened -> stream);
    }

    /**
     * A session that the browser asks for.
     *
     * @param first its rid
     * @param exchange gets the session creation response
     */
    FuzzedSession(long first, int wait, int hold, StreamApplication.Stream stream, RecordingExchange exchange) {
        sessions = sessions(2);
        BoshRequest request = request("<body xmlns='http://jabber.org/protocol/httpbind' to='localhost' rid='" + first
                + "' wait='" + wait + "' hold='" + hold + "'/>");
        BoshRequest.Creation asked = request == null ? null : request.creation();
        if (request == null || asked == null) {
            throw new AssertionError("not read: a session creation request");
        }
        session = sessions.create(request, asked, exchange.address(), new StreamApplication() {
            @Override
            public boolean serves(String domain) {
                return true;
            }

            @Override
            public Stream open(ClientTransport opened) {
                return stream;
            }
        });
        session.receive(request, exchange);
    }

    private BoshSessions sessions(int hold) {
        return new BoshSessions(
                new BoshConfig(WAIT, hold, INACTIVITY, 65_536, MAX_STANZAS, MAX_BYTES),
                () -> nanos,
                new RefusalCounts());
    }

    /** How a request of the session begins. */
    String open(long rid) {
        return "<body xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' sid='"
                + session.sid().value() + "' rid='" + rid + "'";
    }

    private @Nullable BoshRequest request(String body) {
        try {
            return BoshXml.read(reader, body.getBytes(StandardCharsets.UTF_8));
        } catch (BoshException e) {
            return null;
        }
    }

    /** A request comes; false when it is none. The session's end is what the handler knows it by: no such sid. */
    boolean receive(String body, RecordingExchange exchange) {
        BoshRequest request = request(body);
        if (request == null) {
            return false;
        }
        session.receive(request, exchange);
        return true;
    }

    Delivery deliver(String xml) {
        return session.deliver(new EncodedStanza(xml));
    }

    /** The application ends the session. */
    void end() {
        session.terminate(BindingCondition.POLICY_VIOLATION, null);
    }

    void pass(Duration time) {
        nanos += time.toNanos();
        sessions.tick();
    }

    void shutdown() {
        sessions.shutdown();
    }

    boolean isOver() {
        return sessions.count() == 0;
    }

    long firstRid() {
        return session.firstRid().value();
    }

    int requests() {
        return session.terms().requests();
    }

    int hold() {
        return session.terms().hold();
    }

    long now() {
        return nanos;
    }
}
