package org.channelgateway.bosh;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.channelgateway.limit.FullException;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlReader;

/** A browser and its session, without a network, under a clock that the test moves. */
final class FakeBrowser {
    static final String EMPTY = body("");
    static final String ERROR = "<body xmlns='http://jabber.org/protocol/httpbind' type='error'/>";

    private final XmlReader reader = new XmlReader(new XmlLimits(65_536, 32, 64, 1000));
    private final List<FakeExchange> exchanges = new ArrayList<>();
    final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L); // it overflows while a test runs
    final BoshSessions sessions;
    final FakeStream stream = new FakeStream();
    final RefusalCounts refusals = new RefusalCounts();
    /** The request that created the session, when the browser did it itself. */
    final FakeExchange creation = new FakeExchange();

    final BoshSession session;

    FakeBrowser() {
        this(config(1));
    }

    FakeBrowser(BoshConfig config) {
        sessions = new BoshSessions(config, nanos::get, refusals);
        session = sessions.attach(opened -> stream);
    }

    /** A session that the browser creates itself. */
    FakeBrowser(BoshConfig config, int waitSeconds, int hold) {
        this(config, asking(waitSeconds, hold, false), List.of());
    }

    /** The same with stanzas in the request. */
    FakeBrowser(BoshConfig config, BoshRequest.Creation asked, List<XmlElement> stanzas) {
        sessions = new BoshSessions(config, nanos::get, refusals);
        BoshRequest request = new BoshRequest(new Rid(1000), "", false, false, 0, 0, stanzas, asked, 0);
        session = sessions.create(request, asked, "192.0.2.1", new StreamApplication() {
            @Override
            public boolean serves(String domain) {
                return true;
            }

            @Override
            public Stream open(ClientTransport opened) {
                return stream;
            }
        });
        session.receive(request, creation);
        exchanges.add(creation);
    }

    static BoshRequest.Creation asking(int waitSeconds, int hold, boolean acks) {
        return new BoshRequest.Creation("localhost", waitSeconds, hold, Version.OURS, acks, ContentType.TEXT_XML_UTF8);
    }

    static BoshConfig config(int hold) {
        return new BoshConfig(Duration.ofSeconds(60), hold, Duration.ofSeconds(150), 65_536, 4, 1 << 20);
    }

    /** Sends the request that is {@code n} after the first, with stanzas in it. */
    FakeExchange send(long n, String content) {
        return send(n, "", content);
    }

    FakeExchange poll(long n) {
        return send(n, "", "");
    }

    FakeExchange terminate(long n, String content) {
        return send(n, " type='terminate'", content);
    }

    FakeExchange send(long n, String attributes, String content) {
        String xml = "<body xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' sid='"
                + session.sid().value() + "' rid='" + (session.firstRid().value() + n) + "'" + attributes + ">"
                + content + "</body>";
        FakeExchange exchange = new FakeExchange();
        synchronized (exchanges) {
            exchanges.add(exchange);
        }
        try {
            session.receive(BoshXml.read(reader, xml.getBytes(StandardCharsets.UTF_8)), exchange);
        } catch (BoshException e) {
            throw new AssertionError(e);
        } catch (FullException e) {
            exchanges.remove(exchange);
            throw e;
        }
        return exchange;
    }

    Delivery push(String xml) {
        return session.deliver(new EncodedStanza(xml));
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        sessions.tick();
    }

    /** How many requests have no answer and a connection that lives. */
    long held() {
        return exchanges.stream().filter(FakeExchange::isHeld).count();
    }

    static String body(String content) {
        String open = "<body xmlns='http://jabber.org/protocol/httpbind'";
        return content.isEmpty() ? open + "/>" : open + ">" + content + "</body>";
    }

    static String terminal(String condition) {
        return "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='" + condition
                + "'></body>";
    }
}
