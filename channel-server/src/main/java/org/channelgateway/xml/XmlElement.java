package org.channelgateway.xml;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An element with its attributes and children. Immutable. */
public record XmlElement(String namespace, String name, List<XmlAttribute> attributes, List<XmlNode> children)
        implements XmlNode {
    /** About what an element, an attribute and a piece of text take in the heap beside their characters. */
    static final int ELEMENT_BYTES = 200;

    static final int ATTRIBUTE_BYTES = 80;
    static final int TEXT_BYTES = 100;

    public XmlElement {
        attributes = List.copyOf(attributes);
        children = List.copyOf(children);
    }

    public boolean is(String wantedNamespace, String wantedName) {
        return name.equals(wantedName) && namespace.equals(wantedNamespace);
    }

    /** The value of the attribute without a namespace, null when it is not there. */
    public @Nullable String attribute(String attributeName) {
        return attribute("", attributeName);
    }

    public @Nullable String attribute(String attributeNamespace, String attributeName) {
        for (XmlAttribute attribute : attributes) {
            if (attribute.name().equals(attributeName) && attribute.namespace().equals(attributeNamespace)) {
                return attribute.value();
            }
        }
        return null;
    }

    public List<XmlElement> elements() {
        List<XmlElement> elements = new ArrayList<>(children.size());
        for (XmlNode child : children) {
            if (child instanceof XmlElement element) {
                elements.add(element);
            }
        }
        return elements;
    }

    /** The first child element, null when there is none. */
    public @Nullable XmlElement firstElement() {
        for (XmlNode child : children) {
            if (child instanceof XmlElement element) {
                return element;
            }
        }
        return null;
    }

    /** About what it takes in the heap with all that is in it, in bytes. */
    public int heapBytes() {
        return (int) Math.min(Integer.MAX_VALUE, heapBytes(""));
    }

    /** @param inherited a namespace that is kept once for all that is in it */
    private long heapBytes(String inherited) {
        long characters = name.length();
        if (!namespace.equals(inherited)) {
            characters += namespace.length();
        }
        long bytes = ELEMENT_BYTES + (long) ATTRIBUTE_BYTES * attributes.size();
        for (XmlAttribute attribute : attributes) {
            characters += attribute.namespace().length()
                    + attribute.name().length()
                    + attribute.value().length();
        }
        for (XmlNode child : children) {
            if (child instanceof XmlElement element) {
                bytes += element.heapBytes(namespace);
            } else if (child instanceof XmlText text) {
                bytes += TEXT_BYTES;
                characters += text.text().length();
            }
        }
        return bytes + 2 * characters;
    }

    /** The text directly inside, without that of child elements. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (XmlNode child : children) {
            if (child instanceof XmlText part) {
                text.append(part.text());
            }
        }
        return text.toString();
    }
}
