package org.channelgateway.api.xmpp;

import java.util.ArrayList;
import java.util.List;
import org.channelgateway.stream.StanzaError;
import org.channelgateway.stream.Stanzas;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlNode;

/** What the service says of itself (XEP-0030). */
final class Disco {
    static final String INFO = "http://jabber.org/protocol/disco#info";
    static final String ITEMS = "http://jabber.org/protocol/disco#items";

    private static final List<String> FEATURES = List.of(INFO, ITEMS, "urn:xmpp:ping", Commands.NAMESPACE);
    private static final XmlElement ABOUT = about();

    private Disco() {}

    static XmlElement answer(XmlElement iq, XmlElement query) {
        if (!"get".equals(iq.attribute("type")) || !query.name().equals("query")) {
            return new StanzaError(
                            "modify", "bad-request", "disco: not a query (expected: a get with an element query)")
                    .answering(iq);
        }
        if (query.attribute("node") != null) {
            return new StanzaError("cancel", "item-not-found", "node: there is none (expected: a query without one)")
                    .answering(iq);
        }
        return Stanzas.result(
                iq, query.namespace().equals(INFO) ? ABOUT : new XmlElement(ITEMS, "query", List.of(), List.of()));
    }

    private static XmlElement about() {
        List<XmlNode> content = new ArrayList<>();
        content.add(new XmlElement(
                INFO,
                "identity",
                List.of(
                        new XmlAttribute("", "category", "component"),
                        new XmlAttribute("", "type", "generic"),
                        new XmlAttribute("", "name", "Channel Gateway")),
                List.of()));
        for (String feature : FEATURES) {
            content.add(new XmlElement(INFO, "feature", List.of(new XmlAttribute("", "var", feature)), List.of()));
        }
        return new XmlElement(INFO, "query", List.of(), content);
    }
}
