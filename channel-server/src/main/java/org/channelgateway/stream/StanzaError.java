package org.channelgateway.stream;

import java.util.ArrayList;
import java.util.List;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlText;
import org.jspecify.annotations.Nullable;

/**
 * A stanza error (RFC 6120 §8.3).
 *
 * @param type what the sender may do about it, e.g. {@code modify} (RFC 6120 §8.3.2)
 * @param condition the name of a defined condition (RFC 6120 §8.3.3)
 * @param text says more to people; null when the condition says it all
 */
public record StanzaError(
        String type, String condition, @Nullable String text) {
    private static final String CLIENT = "jabber:client";
    private static final String STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";

    public StanzaError(String type, String condition) {
        this(type, condition, null);
    }

    /** What the sender of {@code stanza} is answered, without addresses. */
    public XmlElement answering(XmlElement stanza) {
        List<XmlElement> content = new ArrayList<>(2);
        content.add(new XmlElement(STANZAS, condition, List.of(), List.of()));
        if (text != null) {
            content.add(new XmlElement(STANZAS, "text", List.of(), List.of(new XmlText(text))));
        }
        XmlElement error =
                new XmlElement(CLIENT, "error", List.of(new XmlAttribute("", "type", type)), List.copyOf(content));
        return Stanzas.answer(stanza, "error", List.of(error));
    }
}
