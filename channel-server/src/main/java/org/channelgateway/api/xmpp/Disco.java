package org.channelgateway.api.xmpp;

import java.util.ArrayList;
import java.util.List;
import org.channelgateway.stream.StanzaError;
import org.channelgateway.stream.Stanzas;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlNode;

/** What the service and an account say of themselves (XEP-0030). */
public final class Disco {
    static final String INFO = "http://jabber.org/protocol/disco#info";
    static final String ITEMS = "http://jabber.org/protocol/disco#items";

    private static final String PING = "urn:xmpp:ping";
    private static final XmlElement SERVICE =
            about("component", "generic", "Channel Gateway", List.of(INFO, ITEMS, PING, Commands.NAMESPACE));
    private static final XmlElement ACCOUNT = about("account", "registered", "", List.of(INFO, ITEMS, PING));

    private Disco() {}

    /** True for a query of either kind. */
    public static boolean isQuery(XmlElement request) {
        return request.namespace().equals(INFO) || request.namespace().equals(ITEMS);
    }

    /** What the account of who asks is (XEP-0030 §8): it has no items. */
    public static XmlElement ofAccount(XmlElement iq) {
        return answer(iq, ACCOUNT);
    }

    static XmlElement ofService(XmlElement iq) {
        return answer(iq, SERVICE);
    }

    private static XmlElement answer(XmlElement iq, XmlElement about) {
        XmlElement query = iq.elements().get(0);
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
                iq, query.namespace().equals(INFO) ? about : new XmlElement(ITEMS, "query", List.of(), List.of()));
    }

    private static XmlElement about(String category, String type, String name, List<String> features) {
        List<XmlAttribute> identity = new ArrayList<>(
                List.of(new XmlAttribute("", "category", category), new XmlAttribute("", "type", type)));
        if (!name.isEmpty()) {
            identity.add(new XmlAttribute("", "name", name));
        }
        List<XmlNode> content = new ArrayList<>();
        content.add(new XmlElement(INFO, "identity", identity, List.of()));
        for (String feature : features) {
            content.add(new XmlElement(INFO, "feature", List.of(new XmlAttribute("", "var", feature)), List.of()));
        }
        return new XmlElement(INFO, "query", List.of(), content);
    }
}
