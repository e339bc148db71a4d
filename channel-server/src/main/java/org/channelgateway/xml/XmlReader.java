package org.channelgateway.xml;

import com.fasterxml.aalto.AsyncByteArrayFeeder;
import com.fasterxml.aalto.AsyncXMLStreamReader;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import org.channelgateway.xml.XmlException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Reads one whole document into elements, under {@link XmlLimits}. No DTD, comment, processing instruction or entity
 * reference passes (RFC 6120 §11.1), no character outside XML 1.0. Thread-safe.
 */
public final class XmlReader {
    private static final String XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";

    private final XmlLimits limits;
    private final Parsers parsers = new Parsers(InputFactoryImpl::new);

    public XmlReader(XmlLimits limits) {
        this.limits = limits;
    }

    public XmlElement read(byte[] document) throws XmlException {
        if (document.length > limits.maxBytes()) {
            throw limit("bytes", document.length, limits.maxBytes());
        }
        checkUtf8(document);
        try {
            AsyncXMLStreamReader<AsyncByteArrayFeeder> parser = parsers.of(document);
            try {
                parser.getInputFeeder().endOfInput();
                return new Document(parser).read();
            } finally {
                parser.close();
            }
        } catch (XMLStreamException | RuntimeException e) { // Aalto throws either at input like <xmlns:a/>
            throw new XmlException(Reason.MALFORMED, "not well-formed XML");
        }
    }

    /** Aalto takes some overlong sequences for the characters that they hide. */
    private static void checkUtf8(byte[] document) throws XmlException {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document));
        } catch (CharacterCodingException e) {
            throw new XmlException(Reason.MALFORMED, "not valid UTF-8");
        }
    }

    private static XmlException limit(String what, int value, int limit) {
        return new XmlException(Reason.LIMIT, what + ": " + value + " (expected: <= " + limit + ")");
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

    private static void checkCharacters(String text) throws XmlException {
        int illegal = XmlChars.firstIllegal(text);
        if (illegal >= 0) {
            throw new XmlException(
                    Reason.MALFORMED, "character U+%04X is not allowed in XML".formatted((int) text.charAt(illegal)));
        }
    }

    /** One pass over one document. Confined to one thread. */
    private final class Document {
        private final AsyncXMLStreamReader<AsyncByteArrayFeeder> parser;
        private final List<Open> open = new ArrayList<>();
        private int elements;
        private @Nullable XmlElement root;

        Document(AsyncXMLStreamReader<AsyncByteArrayFeeder> parser) {
            this.parser = parser;
        }

        XmlElement read() throws XmlException, XMLStreamException {
            for (int event = parser.next(); event != XMLStreamConstants.END_DOCUMENT; event = parser.next()) {
                accept(event);
            }
            if (root == null) {
                throw new XmlException(Reason.MALFORMED, "no root element");
            }
            return root;
        }

        private void accept(int event) throws XmlException, XMLStreamException {
            switch (event) {
                case XMLStreamConstants.START_DOCUMENT -> checkDeclaration();
                case XMLStreamConstants.START_ELEMENT -> start();
                case XMLStreamConstants.END_ELEMENT -> end();
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> text();
                case AsyncXMLStreamReader.EVENT_INCOMPLETE ->
                    throw new XmlException(Reason.MALFORMED, "the document ends too early");
                default -> throw new XmlException(Reason.RESTRICTED, "restricted XML (RFC 6120 section 11.1)");
            }
        }

        private void checkDeclaration() throws XmlException {
            String version = parser.getVersion();
            if (version != null && !version.equals("1.0")) {
                throw new XmlException(Reason.MALFORMED, "version: not the one declared (expected: 1.0)");
            }
            String encoding = parser.getCharacterEncodingScheme();
            if (encoding != null && !encoding.equalsIgnoreCase("UTF-8")) {
                throw new XmlException(Reason.MALFORMED, "encoding: not the one declared (expected: UTF-8)");
            }
        }

        private void start() throws XmlException, XMLStreamException {
            int depth = open.size() + 1;
            if (depth > limits.maxDepth()) {
                throw limit("depth", depth, limits.maxDepth());
            }
            if (++elements > limits.maxElements()) {
                throw limit("elements", elements, limits.maxElements());
            }
            if (!open.isEmpty()) {
                open.get(open.size() - 1).endText();
            }
            checkNamespaces();
            open.add(new Open(namespace(parser.getNamespaceURI()), parser.getLocalName(), attributes()));
        }

        /** What Namespaces in XML 1.0 forbids (§2.2) or nobody could write again, and Aalto lets pass. */
        private void checkNamespaces() throws XmlException {
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
            }
        }

        private List<XmlAttribute> attributes() throws XmlException {
            int count = parser.getAttributeCount();
            if (count > limits.maxAttributes()) {
                throw limit("attributes", count, limits.maxAttributes());
            }
            List<XmlAttribute> attributes = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                String value = parser.getAttributeValue(i);
                checkCharacters(value);
                attributes.add(new XmlAttribute(
                        namespace(parser.getAttributeNamespace(i)), parser.getAttributeLocalName(i), value));
            }
            return attributes;
        }

        private void end() throws XmlException {
            Open ended = open.remove(open.size() - 1);
            ended.endText();
            XmlElement element = new XmlElement(ended.namespace, ended.name, ended.attributes, ended.children);
            if (open.isEmpty()) {
                root = element;
            } else {
                open.get(open.size() - 1).children.add(element);
            }
        }

        private void text() throws XMLStreamException {
            if (open.isEmpty()) {
                return; // white space around the root; anything else is not well-formed
            }
            Open parent = open.get(open.size() - 1);
            if (parent.text == null) {
                parent.text = new StringBuilder();
            }
            parent.text.append(parser.getText());
        }

        private String namespace(@Nullable String uri) {
            return uri == null ? "" : uri;
        }
    }
}
