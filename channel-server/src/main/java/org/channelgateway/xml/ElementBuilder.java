package org.channelgateway.xml;

import com.fasterxml.aalto.AsyncXMLStreamReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import org.channelgateway.xml.XmlException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Builds one element from the events of a parser, under {@link XmlLimits}. No DTD, comment, processing instruction or
 * entity reference passes (RFC 6120 §11.1), no character outside XML 1.0. Confined to one thread.
 */
final class ElementBuilder {
    private static final String XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";

    /** About what the parser keeps for a declaration of a namespace beside its characters. */
    private static final int DECLARATION_BYTES = 200;

    private final XmlLimits limits;
    private final List<Open> open = new ArrayList<>();
    private int elements;
    private int allAttributes;
    private int declarations;
    /** Of texts, values and names. */
    private int characters;

    private int texts;

    ElementBuilder(XmlLimits limits) {
        this.limits = limits;
    }

    /** An element whose end has not come yet. */
    private static final class Open {
        final String namespace;
        final String name;
        final List<XmlAttribute> attributes;
        final List<XmlNode> children = new ArrayList<>(2);
        /** Character data since the last child, null when there was none: a parser may hand it over in parts. */
        @Nullable
        StringBuilder text;

        Open(String namespace, String name, List<XmlAttribute> attributes) {
            this.namespace = namespace;
            this.name = name;
            this.attributes = attributes;
        }

        void endText() throws XmlException {
            if (text != null) {
                String whole = text.toString();
                checkCharacters(whole);
                children.add(new XmlText(whole));
                text = null;
            }
        }
    }

    /** About how many bytes of heap what has come takes. */
    int heapBytes() {
        return elements * XmlElement.ELEMENT_BYTES
                + allAttributes * XmlElement.ATTRIBUTE_BYTES
                + texts * XmlElement.TEXT_BYTES
                + declarations * DECLARATION_BYTES
                + 2 * characters;
    }

    /** Takes an event; returns the outermost element with its end, null before it. */
    @Nullable
    XmlElement accept(int event, AsyncXMLStreamReader<?> parser) throws XmlException, XMLStreamException {
        switch (event) {
            case XMLStreamConstants.START_DOCUMENT -> checkDeclaration(parser);
            case XMLStreamConstants.START_ELEMENT -> start(parser);
            case XMLStreamConstants.END_ELEMENT -> {
                return end();
            }
            case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> text(parser);
            default -> throw new XmlException(Reason.RESTRICTED, "restricted XML (RFC 6120 section 11.1)");
        }
        return null;
    }

    private static void checkDeclaration(AsyncXMLStreamReader<?> parser) throws XmlException {
        String version = parser.getVersion();
        if (version != null && !version.equals("1.0")) {
            throw new XmlException(Reason.MALFORMED, "version: not the one declared (expected: 1.0)");
        }
        String encoding = parser.getCharacterEncodingScheme();
        if (encoding != null && !encoding.equalsIgnoreCase("UTF-8")) {
            throw new XmlException(Reason.MALFORMED, "encoding: not the one declared (expected: UTF-8)");
        }
    }

    private void start(AsyncXMLStreamReader<?> parser) throws XmlException, XMLStreamException {
        limit("depth", open.size() + 1, limits.maxDepth());
        limit("elements", ++elements, limits.maxElements());
        if (!open.isEmpty()) {
            open.get(open.size() - 1).endText();
        }
        checkNamespaces(parser);
        String name = name(parser.getLocalName());
        characters += name.length();
        open.add(new Open(namespace(parser.getNamespaceURI()), name, attributes(parser)));
    }

    /** Aalto lets a name begin with anything when a prefix stands before it. */
    private static String name(String local) throws XmlException {
        if (!XmlChars.isNameStart(local.codePointAt(0))) {
            throw new XmlException(Reason.MALFORMED, "a name that begins with another character than a letter or _");
        }
        return local;
    }

    /** What Namespaces in XML 1.0 forbids (§2.2) or nobody could write again, and Aalto lets pass. */
    private void checkNamespaces(AsyncXMLStreamReader<?> parser) throws XmlException {
        if (XML_NAMESPACE.equals(parser.getNamespaceURI())) {
            throw new XmlException(Reason.MALFORMED, "an element in the namespace of xml:");
        }
        for (int i = 0; i < parser.getNamespaceCount(); i++) {
            String prefix = parser.getNamespacePrefix(i);
            String uri = namespace(parser.getNamespaceURI(i));
            if (prefix != null && !prefix.isEmpty() && uri.isEmpty()) {
                throw new XmlException(Reason.MALFORMED, "a prefix without a namespace");
            }
            checkCharacters(uri);
            characters += uri.length() + (prefix == null ? 0 : prefix.length());
        }
        declarations += parser.getNamespaceCount();
    }

    private List<XmlAttribute> attributes(AsyncXMLStreamReader<?> parser) throws XmlException {
        int count = parser.getAttributeCount();
        limit("attributes", count, limits.maxAttributes());
        allAttributes += count;
        limit("attributes in all", allAttributes, limits.maxAllAttributes());
        List<XmlAttribute> attributes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String value = parser.getAttributeValue(i);
            checkCharacters(value);
            String name = name(parser.getAttributeLocalName(i));
            characters += name.length() + value.length();
            attributes.add(new XmlAttribute(namespace(parser.getAttributeNamespace(i)), name, value));
        }
        return attributes;
    }

    private @Nullable XmlElement end() throws XmlException {
        Open ended = open.remove(open.size() - 1);
        ended.endText();
        XmlElement element = new XmlElement(ended.namespace, ended.name, ended.attributes, ended.children);
        if (open.isEmpty()) {
            return element;
        }
        open.get(open.size() - 1).children.add(element);
        return null;
    }

    private void text(AsyncXMLStreamReader<?> parser) throws XMLStreamException {
        if (open.isEmpty()) {
            return; // white space around the root; anything else is not well-formed
        }
        Open parent = open.get(open.size() - 1);
        if (parent.text == null) {
            parent.text = new StringBuilder();
            texts++;
        }
        String text = parser.getText();
        characters += text.length();
        parent.text.append(text);
    }

    private static void checkCharacters(String text) throws XmlException {
        int illegal = XmlChars.firstIllegal(text);
        if (illegal >= 0) {
            throw new XmlException(
                    Reason.MALFORMED, "character U+%04X is not allowed in XML".formatted((int) text.charAt(illegal)));
        }
    }

    private static void limit(String what, int value, int limit) throws XmlException {
        if (value > limit) {
            throw XmlException.limit(what, value, limit);
        }
    }

    private static String namespace(@Nullable String uri) {
        return uri == null ? "" : uri;
    }
}
