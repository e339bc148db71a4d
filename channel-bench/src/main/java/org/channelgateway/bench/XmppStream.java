package org.channelgateway.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Base64;

/** A client's stream over TCP without TLS: as little as possible, the same for every server. Confined to one thread. */
final class XmppStream implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final String domain;
    private final StanzaReader reader;

    /** @param socket not connected yet */
    XmppStream(Socket socket, URI server, String domain) throws IOException {
        this.socket = socket;
        this.domain = domain;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), TIMEOUT_MILLIS);
        this.reader = new StanzaReader(socket.getInputStream());
    }

    /** Logs in and binds a resource. */
    void login(Account account) throws IOException {
        open();
        String plain = "\0" + account.user() + "\0" + account.password();
        send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"
                + Base64.getEncoder().encodeToString(plain.getBytes(UTF_8)) + "</auth>");
        expect("<success", receive());
        open();
        send("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        result("bind");
    }

    /** Sends presence, and returns when the server has seen it. */
    void available() throws IOException {
        send("<presence/><iq type='get' id='seen' to='" + domain + "'><ping xmlns='urn:xmpp:ping'/></iq>");
        result("seen");
    }

    private void open() throws IOException {
        send("<?xml version='1.0'?><stream:stream to='" + domain
                + "' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>");
        expect("<stream:features", receive());
    }

    private void result(String id) throws IOException {
        String stanza = receive();
        while (!id.equals(attribute(stanza, "id"))) {
            stanza = receive();
        }
        expect("<iq", stanza);
        expect("result", attribute(stanza, "type"));
    }

    private static void expect(String expected, String stanza) throws IOException {
        if (!stanza.startsWith(expected)) {
            throw new IOException("answer: " + stanza + " (expected: " + expected + ")");
        }
    }

    void send(String stanza) throws IOException {
        socket.getOutputStream().write(stanza.getBytes(UTF_8));
    }

    /** Waits for the next stanza. */
    String receive() throws IOException {
        return reader.next();
    }

    /** Drops what has come, be it half a stanza: nothing can be received after it. */
    void drop() throws IOException {
        InputStream in = socket.getInputStream();
        in.skipNBytes(in.available());
    }

    /** The value of the first attribute of that name, or an empty text. */
    static String attribute(String stanza, String name) {
        int start = stanza.indexOf(" " + name + "=") + name.length() + 2;
        if (start == name.length() + 1) {
            return "";
        }
        return stanza.substring(start + 1, stanza.indexOf(stanza.charAt(start), start + 1));
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
