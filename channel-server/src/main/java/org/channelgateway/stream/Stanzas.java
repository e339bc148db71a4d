package org.channelgateway.stream;

import java.util.ArrayList;
import java.util.List;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlElement;

/** Answers to stanzas (RFC 6120 §8). */
public final class Stanzas {
    private Stanzas() {}

    /** The result of a request, without addresses. */
    public static XmlElement result(XmlElement iq, XmlElement... content) {
        return answer(iq, "result", List.of(content));
    }

    static XmlElement answer(XmlElement stanza, String type, List<XmlElement> content) {
        List<XmlAttribute> attributes = new ArrayList<>(2);
        attributes.add(new XmlAttribute("", "type", type));
        String id = stanza.attribute("id");
        if (id != null) {
            attributes.add(new XmlAttribute("", "id", id));
        }
        return new XmlElement(stanza.namespace(), stanza.name(), attributes, List.copyOf(content));
    }
}
