package org.channelgateway.bosh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.channelgateway.stream.StreamError;
import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlException;
import org.channelgateway.xml.XmlException.Reason;
import org.channelgateway.xml.XmlReader;
import org.channelgateway.xml.XmlWriter;
import org.jspecify.annotations.Nullable;

/** The {@code <body/>} element, read and written (XEP-0124 §7 to §17, XEP-0206). */
public final class BoshXml {
    public static final String NAMESPACE = "http://jabber.org/protocol/httpbind";
    public static final String XBOSH = "urn:xmpp:xbosh";
    public static final String STREAMS = "http://etherx.jabber.org/streams";

    private static final byte[] OPEN = ascii("<body xmlns='" + NAMESPACE + "'>");
    private static final byte[] CLOSE = ascii("</body>");
    static final byte[] EMPTY = ascii("<body xmlns='" + NAMESPACE + "'/>");
    /** The older connection of a repeated request that is still held (XEP-0124 §17.3). */
    public static final byte[] RECOVERABLE_ERROR = ascii("<body xmlns='" + NAMESPACE + "' type='error'/>");

    /** No such session, or not any more. */
    public static final byte[] NOT_FOUND = terminate(BindingCondition.ITEM_NOT_FOUND, null, List.of());

    /** The session ended with the gateway. */
    public static final byte[] STOPPING = terminate(BindingCondition.SYSTEM_SHUTDOWN, null, List.of());

    /** One stanza in a body that names neither session nor request: the same bytes for every subscriber. */
    static final EncodedStanza.Framing FRAMING = BoshXml::frame;

    private BoshXml() {}

    /** Reads a request; what is no valid one ends the session that it names (XEP-0124 §17.2). */
    public static BoshRequest read(XmlReader reader, byte[] bytes) throws BoshException {
        XmlElement body;
        try {
            body = reader.read(bytes);
        } catch (XmlException e) {
            throw new BoshException(
                    e.reason() == Reason.LIMIT ? BindingCondition.POLICY_VIOLATION : BindingCondition.BAD_REQUEST,
                    "",
                    String.valueOf(e.getMessage()));
        }
        if (!body.is(NAMESPACE, "body")) {
            throw bad(body, "root: not <body xmlns='" + NAMESPACE + "'/>");
        }
        if (!body.text().isBlank()) {
            throw bad(body, "text: in the body itself (expected: elements only)"); // XEP-0124 §6
        }
        if (body.attribute("newkey") != null || body.attribute("key") != null) {
            // §15.4 leaves verifying to us; whoever sends keys counts on it, so they are not ignored
            throw bad(body, "newkey, key: not supported (expected: neither)");
        }
        String sid = body.attribute("sid");
        boolean terminate = isTerminate(body.attribute("type"));
        int pause = pause(body);
        if (sid == null && (terminate || pause > 0)) {
            throw bad(body, "sid: missing (expected: that of the session to end or to pause)");
        }
        return new BoshRequest(
                rid(body, "rid"),
                sid == null ? "" : sid,
                terminate,
                sid != null && isTrue(body.attribute(XBOSH, "restart")),
                pause,
                sid == null || body.attribute("ack") == null
                        ? 0
                        : rid(body, "ack").value(), // §9.1: a flag at first
                body.elements(),
                sid == null ? creation(body) : null,
                fingerprint(bytes));
    }

    private static BoshRequest.Creation creation(XmlElement body) throws BoshException {
        String to = body.attribute("to");
        if (to == null || to.isEmpty()) {
            throw new BoshException(
                    BindingCondition.IMPROPER_ADDRESSING, "", "to: missing (expected: the XMPP domain)");
        }
        String ver = body.attribute("ver");
        Version version = ver == null ? Version.OURS : Version.parse(ver);
        if (version == null) {
            throw bad(body, "ver: not a version (expected: 1.11 or another)");
        }
        String asked = body.attribute("content");
        ContentType content = asked == null ? ContentType.TEXT_XML_UTF8 : ContentType.of(asked);
        if (content == null) {
            throw bad(body, "content: a type that is not sent (expected: text/xml or application/xml, in UTF-8)");
        }
        return new BoshRequest.Creation(
                to,
                number(body, "wait", 60),
                number(body, "hold", 1),
                version.atMost(Version.OURS),
                "1".equals(body.attribute("ack")),
                content);
    }

    /** Both ways in which XML Schema writes it. */
    private static boolean isTrue(@Nullable String text) {
        return "true".equals(text) || "1".equals(text);
    }

    private static Rid rid(XmlElement body, String name) throws BoshException {
        Rid rid = Rid.parse(body.attribute(name));
        if (rid == null) {
            throw bad(body, name + ": missing or not a number (expected: 1.." + Rid.MAX + ")");
        }
        return rid;
    }

    private static int pause(XmlElement body) throws BoshException {
        int pause = number(body, "pause", 0);
        if (pause == 0 && body.attribute("pause") != null) {
            throw bad(body, "pause: 0 (expected: >= 1)");
        }
        return pause;
    }

    private static int number(XmlElement body, String name, int unset) throws BoshException {
        String text = body.attribute(name);
        if (text == null) {
            return unset;
        }
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw bad(body, name + ": not a number (expected: >= 0)");
        }
        return Integer.parseInt(text);
    }

    private static BoshException bad(XmlElement body, String message) {
        String sid = body.attribute("sid");
        return new BoshException(BindingCondition.BAD_REQUEST, sid == null ? "" : sid, message);
    }

    /** The first 64 bits of SHA-256: two bodies that are not the same do not meet by chance, nor by will. */
    private static long fingerprint(byte[] bytes) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java platform has it
        }
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

    /** The same with attributes that only this answer has, each with a space before it. */
    static byte[] body(String attributes, List<EncodedStanza> stanzas) {
        String start = "<body xmlns='" + NAMESPACE + "'" + attributes;
        return stanzas.isEmpty() ? ascii(start + "/>") : wrap(ascii(start + ">"), stanzas);
    }

    /** A terminal body; {@code condition} is null for a session that the browser ended. */
    public static byte[] terminate(
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

    static byte[] wrap(byte[] open, List<EncodedStanza> stanzas) {
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
