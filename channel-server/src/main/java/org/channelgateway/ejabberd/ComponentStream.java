package org.channelgateway.ejabberd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlException;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlStreamReader;
import org.channelgateway.xml.XmlStreamReader.Event;
import org.channelgateway.xml.XmlWriter;

/** One XEP-0114 stream to a server, attached. One thread reads, another one may write. */
final class ComponentStream implements AutoCloseable {
    static final String NAMESPACE = "jabber:component:accept";
    private static final String STREAMS = "http://etherx.jabber.org/streams";
    private static final int BUFFER_BYTES = 16 * 1024;
    /** What waits for a slow server waits where it is counted and can be refused, not in the system. */
    private static final int SEND_BYTES = 256 * 1024;

    private final Socket socket;
    private final XmlStreamReader reader;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    private ComponentStream(Socket socket, XmlLimits limits) {
        this.socket = socket;
        this.reader = new XmlStreamReader(limits);
    }

    /**
     * Connects and attaches (XEP-0114 §3).
     *
     * @param name the component's address
     * @param step most time for each step
     * @param silence of the server, the longest then
     * @throws IOException when that does not work; nothing is left open
     */
    static ComponentStream attach(
            InetSocketAddress server, String name, String secret, XmlLimits limits, Duration step, Duration silence)
            throws IOException {
        Socket socket = new Socket();
        try {
            int millis = (int) step.toMillis();
            socket.setSendBufferSize(SEND_BYTES);
            socket.connect(new InetSocketAddress(server.getHostString(), server.getPort()), millis);
            socket.setSoTimeout(millis);
            socket.setTcpNoDelay(true);
            ComponentStream stream = new ComponentStream(socket, limits);
            stream.shakeHands(name, secret);
            socket.setSoTimeout((int) silence.toMillis());
            return stream;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void shakeHands(String name, String secret) throws IOException {
        String empty = new XmlWriter(200)
                .start(NAMESPACE, "stream:stream")
                .attribute("xmlns:stream", STREAMS)
                .attribute("to", name)
                .end()
                .toString();
        write(utf8("<?xml version='1.0'?>" + empty.substring(0, empty.length() - "/>".length()) + ">"));
        Event opened = next();
        if (!(opened instanceof Event.Opened header) || !header.header().is(STREAMS, "stream")) {
            throw new IOException("the server did not open a stream");
        }
        String id = header.header().attribute("id");
        if (id == null) {
            throw new IOException("the server's stream has no id");
        }
        write(utf8("<handshake>" + digest(id + secret) + "</handshake>"));
        XmlElement answer = stanza(next());
        if (!answer.is(NAMESPACE, "handshake")) {
            throw unexpected(answer);
        }
    }

    private static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(utf8(text)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** Hands on what comes until the stream ends. */
    void read(Consumer<XmlElement> stanzas) throws IOException {
        while (true) {
            XmlElement stanza = stanza(next());
            if (stanza.namespace().equals(STREAMS)) {
                throw unexpected(stanza);
            }
            stanzas.accept(stanza);
        }
    }

    private static XmlElement stanza(Event event) throws IOException {
        if (event instanceof Event.Stanza stanza) {
            return stanza.element();
        }
        throw new IOException("the server ended the stream");
    }

    private static IOException unexpected(XmlElement element) {
        XmlElement condition = element.firstElement();
        return new IOException(
                "the server says " + (condition == null ? element.name() : element.name() + ": " + condition.name()));
    }

    private Event next() throws IOException {
        try {
            Event event = reader.next();
            while (event == null) {
                int length = socket.getInputStream().read(buffer);
                if (length < 0) {
                    throw new IOException("the server closed the connection");
                }
                reader.feed(ByteBuffer.wrap(CarriageReturns.escaped(buffer, length)));
                event = reader.next();
            }
            return event;
        } catch (SocketTimeoutException e) {
            throw new IOException("nothing was heard of the server for " + socket.getSoTimeout() + " ms", e);
        } catch (XmlException e) {
            throw new IOException("the server's stream: " + e.getMessage(), e);
        }
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Says that nothing more comes (RFC 6120 §4.4); the server ends its side, too. */
    void end() throws IOException {
        write(utf8("</stream:stream>"));
        socket.shutdownOutput();
    }

    /** At once, whatever is being read or written. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
