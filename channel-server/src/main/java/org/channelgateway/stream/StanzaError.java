package org.channelgateway.stream;

import java.util.List;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlNode;
import org.channelgateway.xml.XmlText;

/**
 * A stanza error (RFC 6120 §8.3).
 *
 * @param type what the sender may do about it, e.g. {@code modify} (RFC 6120 §8.3.2)
 * @param condition the name of a defined condition (RFC 6120 §8.3.3)
 * @param text says more to people
 */
public record StanzaError(String type, String condition, String text) {
    /** A message or presence to somebody that it must not reach. */
    public static final StanzaError STAR = new StanzaError(
            "cancel",
            "not-allowed",
            "to: no account is reached (expected: requests to the server or the channel service)");

    /** An iq that is neither a request nor an answer (RFC 6120 §8.2.3). */
    public static final StanzaError NO_REQUEST = new StanzaError(
            "modify", "bad-request", "iq: no request (expected: type get or set, an id, and one element in it)");

    private static final String CLIENT = "jabber:client";
    private static final String STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";

    /** What the sender of {@code stanza} is answered, without addresses. */
    public XmlElement answering(XmlElement stanza) {
        List<XmlNode> content = List.of(
                new XmlElement(STANZAS, condition, List.of(), List.of()),
                new XmlElement(STANZAS, "text", List.of(), List.of(new XmlText(text))));
        XmlElement error = new XmlElement(CLIENT, "error", List.of(new XmlAttribute("", "type", type)), content);
        return Stanzas.answer(stanza, "error", List.of(error));
    }
}
