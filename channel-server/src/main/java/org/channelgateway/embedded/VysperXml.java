package org.channelgateway.embedded;

import java.util.ArrayList;
import java.util.List;
import org.apache.vysper.xml.fragment.Attribute;
import org.apache.vysper.xml.fragment.XMLElement;
import org.apache.vysper.xml.fragment.XMLFragment;
import org.apache.vysper.xml.fragment.XMLText;
import org.apache.vysper.xmpp.stanza.Stanza;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlNode;
import org.channelgateway.xml.XmlText;

/** Between our elements and Vysper's: its own parser and renderer see nothing. */
final class VysperXml {
    private VysperXml() {}

    static Stanza stanza(XmlElement element) {
        return new Stanza(
                element.namespace(), element.name(), null, attributes(element), fragments(element.children()));
    }

    private static List<Attribute> attributes(XmlElement element) {
        List<Attribute> attributes = new ArrayList<>(element.attributes().size());
        for (XmlAttribute attribute : element.attributes()) {
            attributes.add(new Attribute(attribute.namespace(), attribute.name(), attribute.value()));
        }
        return attributes;
    }

    private static List<XMLFragment> fragments(List<XmlNode> nodes) {
        List<XMLFragment> fragments = new ArrayList<>(nodes.size());
        for (XmlNode node : nodes) {
            if (node instanceof XmlElement element) {
                fragments.add(new XMLElement(
                        element.namespace(), element.name(), null, attributes(element), fragments(element.children())));
            } else if (node instanceof XmlText text) {
                fragments.add(new XMLText(text.text()));
            } else {
                throw new AssertionError(node);
            }
        }
        return fragments;
    }

    static XmlElement element(XMLElement element) {
        List<XmlAttribute> attributes = new ArrayList<>();
        for (Attribute attribute : element.getAttributes()) {
            attributes.add(new XmlAttribute(attribute.getNamespaceUri(), attribute.getName(), attribute.getValue()));
        }
        List<XmlNode> children = new ArrayList<>();
        for (XMLFragment fragment : element.getInnerFragments()) {
            if (fragment instanceof XMLElement inner) {
                children.add(element(inner));
            } else if (fragment instanceof XMLText text) {
                children.add(new XmlText(text.getText()));
            } else {
                throw new AssertionError(fragment);
            }
        }
        return new XmlElement(element.getNamespaceURI(), element.getName(), attributes, children);
    }
}
