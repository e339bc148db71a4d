package org.channelgateway.api;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** A gateway that logs in the app {@code demo} and leaves the answers to the test. Thread-safe. */
final class FakeGateway implements AutoCloseable {
    static final String SECRET = "secret-of-the-tests";

    private static final XMLInputFactory PARSERS = XMLInputFactory.newInstance();
    private static final String HEADER = "<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
            + " xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='localhost' version='1.0'>";
    private static final String SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";

    /** A request to the service. */
    record Asked(Connection connection, String id, String element, Map<String, String> attributes, String text) {
        /** Answers with this element of our namespace, or with none. */
        void answer(String element) {
            connection.write("<iq type='result' id='" + id + "' from='channel.localhost'>"
                    + element.replace("/>", " xmlns='urn:channelgateway:1'/>") + "</iq>");
        }

        void publish() {
            answer("<published id='of the gateway' receivers='1'/>");
        }

        void refuse(String type, String condition, String text) {
            connection.write("<iq type='error' id='" + id + "' from='channel.localhost'><error type='" + type + "'><"
                    + condition + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                    + "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>" + text + "</text></error></iq>");
        }
    }

    /** What a client answered to a request of the gateway. */
    record Reply(String id, String type, @Nullable String to, List<String> elements) {}

    private final ServerSocket listener;
    private final Thread acceptor = new Thread(this::accept, "fake-gateway");
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Consumer<Asked> script;
    private final AtomicInteger logins = new AtomicInteger();
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();

    /** What is sent instead of success; empty for none. */
    volatile String loginFailure = "";

    /** What is sent instead of the features of a stream; empty for none. */
    volatile String streamError = "";

    /** Says nothing at all. */
    volatile boolean mute;

    /** Answers pings. */
    volatile boolean alive = true;

    /** Says farewell. */
    volatile boolean polite = true;

    /** @param script what to do with a request, on the thread of its connection */
    FakeGateway(Consumer<Asked> script) {
        this.script = script;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        acceptor.start();
    }

    ChannelConfig.Builder config() {
        return ChannelConfig.builder("xmpp://demo@127.0.0.1:" + listener.getLocalPort(), SECRET)
                .timeout(Duration.ofSeconds(20));
    }

    int port() {
        return listener.getLocalPort();
    }

    ChannelClient connect() {
        return ChannelClient.connect(config().build());
    }

    /** How many logins were tried. */
    int logins() {
        return logins.get();
    }

    /** What clients answered to requests of the gateway. */
    Queue<Reply> replies() {
        return replies;
    }

    void resetAll() {
        connections.forEach(Connection::reset);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Connection connection = new Connection(listener.accept());
                connections.add(connection);
                threads.execute(connection::serve);
            } catch (IOException e) {
                // closed
            }
        }
    }

    /** From now on connections are refused: the system accepts them until the thread that waits for them has noticed. */
    @Override
    public void close() {
        try {
            listener.close();
            acceptor.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        resetAll();
        threads.shutdownNow();
    }

    /** One client. */
    final class Connection {
        private final Socket socket;
        private final Reader in;
        private volatile boolean over;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8);
        }

        void write(String xml) {
            if (mute) {
                return;
            }
            try {
                synchronized (this) {
                    socket.getOutputStream().write(xml.getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                // the client is gone
            }
        }

        /** Closes with an RST. */
        void reset() {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                // closed already
            }
        }

        /** Ends the stream with this error, and hears nothing more. */
        void fail(String condition) {
            over = true;
            write("<stream:error><" + condition + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
            end();
        }

        /** Ends the stream as a gateway does that is stopped. */
        void end() {
            write("</stream:stream>");
        }

        private void serve() {
            try (socket) {
                if (stream("<mechanisms " + SASL + "><mechanism>PLAIN</mechanism></mechanisms>")) {
                    stream("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>");
                }
            } catch (IOException | XMLStreamException e) {
                // reset by one of the two
            } finally {
                connections.remove(this);
            }
        }

        /** Serves one stream; returns whether another one follows on the same connection. */
        private boolean stream(String features) throws XMLStreamException {
            XMLStreamReader xml = PARSERS.createXMLStreamReader(in);
            xml.nextTag();
            write(HEADER
                    + (streamError.isEmpty() ? "<stream:features>" + features + "</stream:features>" : streamError));
            while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
                if (xml.getLocalName().equals("auth")) {
                    return login(xml.getElementText());
                }
                if (xml.getLocalName().equals("iq")) {
                    iq(xml);
                }
            }
            if (polite) {
                end();
            }
            return false;
        }

        private boolean login(String credentials) {
            logins.incrementAndGet();
            String expected = "\0app-demo\0" + SECRET;
            boolean right =
                    expected.equals(new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8));
            String failure = right ? loginFailure : "<not-authorized/>";
            write(failure.isEmpty() ? "<success " + SASL + "/>" : "<failure " + SASL + ">" + failure + "</failure>");
            return failure.isEmpty();
        }

        private void iq(XMLStreamReader xml) throws XMLStreamException {
            String id = xml.getAttributeValue(null, "id");
            String type = xml.getAttributeValue(null, "type");
            if (type.equals("result") || type.equals("error")) {
                replies.add(new Reply(id, type, xml.getAttributeValue(null, "to"), elements(xml)));
                return;
            }
            xml.nextTag();
            String element = xml.getLocalName();
            if (element.equals("bind")) {
                write("<iq type='result' id='" + id + "'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                        + "<jid>app-demo@localhost/r</jid></bind></iq>");
                xml.nextTag();
            } else if (element.equals("ping")) {
                if (alive) {
                    write("<iq type='result' id='" + id + "' from='localhost'/>");
                }
                xml.nextTag();
            } else {
                Map<String, String> attributes = new HashMap<>();
                for (int i = 0; i < xml.getAttributeCount(); i++) {
                    attributes.put(xml.getAttributeLocalName(i), xml.getAttributeValue(i));
                }
                String text = xml.getElementText();
                if (!over) {
                    script.accept(new Asked(this, id, element, attributes, text));
                }
            }
            xml.nextTag();
        }

        /** The names of all that is in an element, up to its end. */
        private List<String> elements(XMLStreamReader xml) throws XMLStreamException {
            List<String> names = new ArrayList<>();
            int depth = 1;
            while (depth > 0) {
                int event = xml.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    depth++;
                    names.add(xml.getLocalName());
                } else if (event == XMLStreamConstants.END_ELEMENT) {
                    depth--;
                }
            }
            return names;
        }
    }
}
