package org.channelgateway.embedded;

import java.util.ArrayList;
import java.util.List;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlElement;

/** Stanza errors (RFC 6120 §8.3). */
final class StanzaErrors {
    private StanzaErrors() {}

    /** The refusal of {@code stanza}, addressed by whoever sends it out. */
    static XmlElement refusal(XmlElement stanza, ClientFilter.Verdict.Refuse refuse) {
        List<XmlAttribute> attributes = new ArrayList<>();
        attributes.add(new XmlAttribute("", "type", "error"));
        String id = stanza.attribute("id");
        if (id != null) {
            attributes.add(new XmlAttribute("", "id", id));
        }
        XmlElement condition = new XmlElement(Namespaces.STANZAS, refuse.condition(), List.of(), List.of());
        XmlElement error = new XmlElement(
                Namespaces.CLIENT, "error", List.of(new XmlAttribute("", "type", refuse.type())), List.of(condition));
        return new XmlElement(Namespaces.CLIENT, stanza.name(), attributes, List.of(error));
    }
}
