package org.channelgateway.bosh;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.channelgateway.stream.StreamError;
import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlException;
import org.channelgateway.xml.XmlException.Reason;
import org.channelgateway.xml.XmlReader;
import org.channelgateway.xml.XmlWriter;
import org.jspecify.annotations.Nullable;

/** The {@code <body/>} element, read and written (XEP-0124 §7 to §17, XEP-0206). */
final class BoshXml {
    static final String NAMESPACE = "http://jabber.org/protocol/httpbind";
    static final String XBOSH = "urn:xmpp:xbosh";
    static final String STREAMS = "http://etherx.jabber.org/streams";

    private static final byte[] OPEN = ascii("<body xmlns='" + NAMESPACE + "'>");
    private static final byte[] CLOSE = ascii("</body>");
    static final byte[] EMPTY = ascii("<body xmlns='" + NAMESPACE + "'/>");
    /** The older connection of a repeated request that is still held (XEP-0124 §17.3). */
    static final byte[] RECOVERABLE_ERROR = ascii("<body xmlns='" + NAMESPACE + "' type='error'/>");

    /** No such session, or not any more. */
    static final byte[] NOT_FOUND = terminate(BindingCondition.ITEM_NOT_FOUND, null, List.of());

    /** The session ended because its browser did not read. */
    static final byte[] SLOW = terminate(BindingCondition.POLICY_VIOLATION, null, List.of());

    /** The session ended with the gateway. */
    static final byte[] STOPPING = terminate(BindingCondition.SYSTEM_SHUTDOWN, null, List.of());

    /** One stanza in a body that names neither session nor request: the same bytes for every subscriber. */
    static final EncodedStanza.Framing FRAMING = BoshXml::frame;

    private BoshXml() {}

    static BoshRequest read(XmlReader reader, byte[] bytes) throws BoshException {
        XmlElement body;
        try {
            body = reader.read(bytes);
        } catch (XmlException e) {
            throw new BoshException(
                    e.reason() == Reason.LIMIT ? BindingCondition.POLICY_VIOLATION : BindingCondition.BAD_REQUEST,
                    String.valueOf(e.getMessage()));
        }
        if (!body.is(NAMESPACE, "body")) {
            throw bad("root: not <body xmlns='" + NAMESPACE + "'/>");
        }
        Rid rid = Rid.parse(body.attribute("rid"));
        if (rid == null) {
            throw bad("rid: missing or not a number (expected: 1.." + Rid.MAX + ")");
        }
        String sid = body.attribute("sid");
        return new BoshRequest(
                rid,
                sid == null ? "" : sid,
                isTerminate(body.attribute("type")),
                "true".equals(body.attribute(XBOSH, "restart")),
                body.elements(),
                sid == null ? creation(body) : null,
                fingerprint(bytes));
    }

    private static BoshRequest.Creation creation(XmlElement body) throws BoshException {
        String to = body.attribute("to");
        if (to == null || to.isEmpty()) {
            throw new BoshException(BindingCondition.IMPROPER_ADDRESSING, "to: missing (expected: the XMPP domain)");
        }
        return new BoshRequest.Creation(to, number(body, "wait", 60), number(body, "hold", 1));
    }

    private static int number(XmlElement body, String name, int unset) throws BoshException {
        String text = body.attribute(name);
        if (text == null) {
            return unset;
        }
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw bad(name + ": not a number (expected: >= 0)");
        }
        return Integer.parseInt(text);
    }

    private static BoshException bad(String message) {
        return new BoshException(BindingCondition.BAD_REQUEST, message);
    }

    private static long fingerprint(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (long) bytes.length << 32 | crc.getValue();
    }

    private static byte[] frame(byte[] stanza) {
        return wrap(OPEN, List.of(stanza), stanza.length);
    }

    /** A body around several stanzas. */
    static byte[] body(List<EncodedStanza> stanzas) {
        if (stanzas.size() == 1) {
            return stanzas.get(0).framed(FRAMING);
        }
        return stanzas.isEmpty() ? EMPTY : wrap(OPEN, stanzas);
    }

    /** The session creation response (XEP-0124 §7.2, XEP-0206 §3). */
    static byte[] created(BoshSession session, String domain, List<EncodedStanza> stanzas) {
        BoshTerms terms = session.terms();
        String empty = new XmlWriter(400)
                .start(NAMESPACE, "body")
                .attribute("xmlns:xmpp", XBOSH)
                .attribute("xmlns:stream", STREAMS)
                .attribute("sid", session.sid().value())
                .attribute("wait", Long.toString(terms.waitTime().toSeconds()))
                .attribute("hold", Integer.toString(terms.hold()))
                .attribute("requests", Integer.toString(terms.requests()))
                .attribute("inactivity", Long.toString(terms.inactivity().toSeconds()))
                .attribute("from", domain)
                .attribute("ver", "1.11")
                .attribute("secure", "false")
                .attribute("xmpp:version", "1.0")
                .attribute("xmpp:restartlogic", "true")
                .end()
                .toString();
        String open = empty.substring(0, empty.length() - "/>".length()) + ">";
        return wrap(open.getBytes(StandardCharsets.UTF_8), stanzas);
    }

    /** A terminal body; {@code condition} is null for a session that the browser ended. */
    static byte[] terminate(
            @Nullable BindingCondition condition, @Nullable StreamError error, List<EncodedStanza> stanzas) {
        StringBuilder open = new StringBuilder("<body xmlns='" + NAMESPACE + "' type='terminate'");
        if (condition != null) {
            open.append(" condition='").append(condition.wire()).append('\'');
        }
        if (error != null) {
            open.append(" xmlns:stream='").append(STREAMS).append('\'');
        }
        open.append('>');
        if (error != null) {
            open.append(streamError(error));
        }
        return wrap(open.toString().getBytes(StandardCharsets.UTF_8), stanzas);
    }

    private static String streamError(StreamError error) {
        XmlWriter inner = new XmlWriter(200);
        String namespace = "urn:ietf:params:xml:ns:xmpp-streams";
        inner.start(namespace, error.condition()).end();
        XmlWriter text = new XmlWriter(200);
        text.start(namespace, "text").text(error.text()).end();
        return "<stream:error>" + inner + text + "</stream:error>";
    }

    private static byte[] wrap(byte[] open, List<EncodedStanza> stanzas) {
        int length = 0;
        for (EncodedStanza stanza : stanzas) {
            length += stanza.length();
        }
        return wrap(open, stanzas.stream().map(EncodedStanza::bytes).toList(), length);
    }

    private static byte[] wrap(byte[] open, List<byte[]> parts, int length) {
        byte[] whole = new byte[open.length + length + CLOSE.length];
        System.arraycopy(open, 0, whole, 0, open.length);
        int at = open.length;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        System.arraycopy(CLOSE, 0, whole, at, CLOSE.length);
        return whole;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** {@code terminal} is how gloox 1.0.24 logs out. */
    private static boolean isTerminate(@Nullable String type) {
        return "terminate".equals(type) || "terminal".equals(type);
    }
}
