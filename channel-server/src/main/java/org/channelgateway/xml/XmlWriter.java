package org.channelgateway.xml;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes elements with default namespaces only, and escapes so that every reader gets back what was given: CR, which a
 * reader would turn into LF (XML 1.0 §2.11), and white space in attributes (§3.3.3). Confined to one thread.
 */
public final class XmlWriter {
    private static final String XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";

    private record Open(String namespace, String name) {}

    private final StringBuilder out;
    private final Deque<Open> open = new ArrayDeque<>();
    private boolean inStartTag;

    public XmlWriter(int sizeHint) {
        out = new StringBuilder(sizeHint);
    }

    /** Opens an element; its namespace is declared unless the parent has the same one. */
    public XmlWriter start(String namespace, String name) {
        endStartTag();
        out.append('<').append(name);
        Open parent = open.peek();
        if (parent == null ? !namespace.isEmpty() : !parent.namespace.equals(namespace)) {
            inStartTag = true;
            attribute("xmlns", namespace);
        }
        inStartTag = true;
        open.push(new Open(namespace, name));
        return this;
    }

    /** Adds an attribute to the element just opened; {@code name} may carry a prefix that is declared. */
    public XmlWriter attribute(String name, String value) {
        if (!inStartTag) {
            throw new IllegalStateException("attribute: " + name + " (expected: directly after start)");
        }
        out.append(' ').append(name).append("='");
        escape(value, true, out);
        out.append('\'');
        return this;
    }

    public XmlWriter text(String text) {
        endStartTag();
        escape(text, false, out);
        return this;
    }

    public XmlWriter end() {
        Open ended = open.pop();
        if (inStartTag) {
            out.append("/>");
            inStartTag = false;
        } else {
            out.append("</").append(ended.name).append('>');
        }
        return this;
    }

    /** Writes a whole element. Attributes in a namespace other than {@code xml:} are left out: stanzas have none. */
    public XmlWriter element(XmlElement element) {
        start(element.namespace(), element.name());
        for (XmlAttribute attribute : element.attributes()) {
            if (attribute.namespace().isEmpty()) {
                attribute(attribute.name(), attribute.value());
            } else if (attribute.namespace().equals(XML_NAMESPACE)) {
                attribute("xml:" + attribute.name(), attribute.value());
            }
        }
        for (XmlNode child : element.children()) {
            if (child instanceof XmlElement inner) {
                element(inner);
            } else if (child instanceof XmlText text) {
                text(text.text());
            } else {
                throw new AssertionError(child);
            }
        }
        return end();
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("open element: " + open.peek().name + " (expected: all ended)");
        }
        return out.toString();
    }

    /** A text as the value of an attribute in single quotes. */
    public static String escapedAttribute(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        escape(text, true, escaped);
        return escaped.toString();
    }

    private void endStartTag() {
        if (inStartTag) {
            out.append('>');
            inStartTag = false;
        }
    }

    private static void escape(String text, boolean inAttribute, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '\r' -> out.append("&#13;");
                case '\'' -> out.append(inAttribute ? "&apos;" : "'");
                case '\n' -> out.append(inAttribute ? "&#10;" : "\n");
                case '\t' -> out.append(inAttribute ? "&#9;" : "\t");
                default -> out.append(c);
            }
        }
    }
}
