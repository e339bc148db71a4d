package org.channelgateway.it;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** A {@link WireClient} over TCP. */
final class TcpClient implements WireClient {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final String STREAMS = "http://etherx.jabber.org/streams";

    static final String HEADER = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='" + STREAMS
            + "' to='" + DOMAIN + "' version='1.0'>";

    private final Socket socket;
    private final Document document;
    private XMLStreamReader reader;
    private String jid = "";

    TcpClient(InetSocketAddress gateway) {
        try {
            socket = new Socket(gateway.getAddress(), gateway.getPort());
            socket.setSoTimeout(PATIENCE_MILLIS);
            document = DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParserConfigurationException e) {
            throw new AssertionError(e);
        }
        reader = openStream();
        if (WireClient.find(next(), "mechanism").stream().noneMatch(m -> "PLAIN".equals(m.getTextContent()))) {
            throw new AssertionError("no PLAIN among the features");
        }
    }

    /** Sends a stream header and reads that of the gateway. */
    private XMLStreamReader openStream() {
        write(HEADER);
        return header();
    }

    private XMLStreamReader header() {
        try {
            XMLStreamReader opened = XMLInputFactory.newFactory()
                    .createXMLStreamReader(new BufferedInputStream(socket.getInputStream()), "UTF-8");
            opened.next();
            opened.require(XMLStreamConstants.START_ELEMENT, STREAMS, "stream");
            return opened;
        } catch (XMLStreamException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private void write(String xml) {
        try {
            socket.getOutputStream().write(xml.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Element login(String authzid, String localpart, String secret) {
        String plain = authzid + '\0' + localpart + '\0' + secret;
        String encoded = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        return ask("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + encoded + "</auth>");
    }

    @Override
    public void bind() {
        Element bound = tryBind();
        jid = WireClient.find(bound, "jid").get(0).getTextContent();
        iq("set", "", "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>", "<presence/>");
    }

    @Override
    public Element tryBind() {
        reader = openStream();
        if (WireClient.find(next(), "bind").isEmpty()) {
            throw new AssertionError("no bind among the features");
        }
        return iq("set", "", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>");
    }

    @Override
    public String jid() {
        return jid;
    }

    @Override
    public Element iq(String type, String to, String payload, String... more) {
        String id = UUID.randomUUID().toString();
        String address = to.isEmpty() ? "" : " to='" + to + "'";
        Element answer = ask(
                String.join("", more) + "<iq type='" + type + "' id='" + id + "'" + address + ">" + payload + "</iq>");
        if (!answer.getAttribute("id").equals(id)) {
            throw new AssertionError("id: " + answer.getAttribute("id") + " (expected: " + id + ")");
        }
        return answer;
    }

    @Override
    public Element ask(String stanza) {
        write(stanza);
        return next();
    }

    @Override
    public Element next() {
        try {
            while (reader.next() != XMLStreamConstants.START_ELEMENT) {
                if (reader.getEventType() == XMLStreamConstants.END_ELEMENT) {
                    throw new AssertionError("the stream has ended (expected: a stanza)");
                }
            }
            return element();
        } catch (XMLStreamException e) {
            throw new AssertionError(e);
        }
    }

    private Element element() throws XMLStreamException {
        Element element = document.createElementNS(reader.getNamespaceURI(), reader.getLocalName());
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            element.setAttribute(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
        while (reader.next() != XMLStreamConstants.END_ELEMENT) {
            if (reader.isStartElement()) {
                element.appendChild(element());
            } else if (reader.isCharacters()) {
                element.appendChild(document.createTextNode(reader.getText()));
            }
        }
        return element;
    }

    @Override
    public void listen() {
        // it always does
    }

    @Override
    public Element end() {
        Element error = next();
        try {
            if (!error.getLocalName().equals("error")
                    || reader.next() != XMLStreamConstants.END_ELEMENT
                    || socket.getInputStream().read() != -1) {
                throw new AssertionError(error.getLocalName() + " (expected: a stream error and the end)");
            }
            socket.close();
        } catch (XMLStreamException | IOException e) {
            throw new AssertionError(e);
        }
        return error;
    }

    /** Reads on to the end; true when that is a stream error of this condition. */
    boolean isEndedBy(String condition) {
        Element last = next();
        while (!last.getLocalName().equals("error")) {
            last = next();
        }
        return !WireClient.find(last, condition).isEmpty();
    }

    @Override
    public Element askInVain(String stanza) {
        write(stanza);
        if (stanza.startsWith(HEADER)) {
            reader = header();
            next();
        }
        return end();
    }

    @Override
    public void terminate() {
        write("</stream:stream>");
        try {
            if (reader.next() != XMLStreamConstants.END_ELEMENT) {
                throw new AssertionError("more stanzas (expected: the end of the stream)");
            }
            socket.close();
        } catch (XMLStreamException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
