package org.channelgateway.xml;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** What the parser of the JDK makes of the same bytes: somebody else's opinion. Confined to one thread. */
public final class JdkXml {
    private static final Comparator<XmlAttribute> ORDER =
            Comparator.comparing(XmlAttribute::namespace).thenComparing(XmlAttribute::name);

    private final DocumentBuilder builder;

    public JdkXml() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance(
                    "com.sun.org.apache.xerces.internal.jaxp.DocumentBuilderFactoryImpl", null);
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler());
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("every JDK has this parser", e);
        }
    }

    /** The document, null when it is not well-formed; attributes as {@link #sorted} leaves them. */
    public @Nullable XmlElement read(byte[] document) {
        try {
            return element(builder.parse(new ByteArrayInputStream(document)).getDocumentElement());
        } catch (SAXException e) {
            return null;
        } catch (IOException e) { // bytes that are not UTF-8
            return null;
        }
    }

    private static XmlElement element(Element element) {
        List<XmlNode> children = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                endText(text, children);
                children.add(element(inner));
            } else if (child.getNodeType() == Node.TEXT_NODE || child.getNodeType() == Node.CDATA_SECTION_NODE) {
                text.append(child.getNodeValue());
            }
        }
        endText(text, children);
        return new XmlElement(
                text(element.getNamespaceURI()), element.getLocalName(), attributes(element.getAttributes()), children);
    }

    private static void endText(StringBuilder text, List<XmlNode> children) {
        if (text.length() > 0) {
            children.add(new XmlText(text.toString()));
            text.setLength(0);
        }
    }

    private static List<XmlAttribute> attributes(NamedNodeMap all) {
        List<XmlAttribute> attributes = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            Attr one = (Attr) all.item(i);
            if (!XMLConstants.XMLNS_ATTRIBUTE_NS_URI.equals(one.getNamespaceURI())) {
                attributes.add(new XmlAttribute(text(one.getNamespaceURI()), one.getLocalName(), one.getValue()));
            }
        }
        attributes.sort(ORDER);
        return attributes;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /** The same element with its attributes in one order, and without texts that are empty. */
    public static XmlElement sorted(XmlElement element) {
        List<XmlAttribute> attributes = new ArrayList<>(element.attributes());
        attributes.sort(ORDER);
        List<XmlNode> children = new ArrayList<>();
        for (XmlNode child : element.children()) {
            if (child instanceof XmlElement inner) {
                children.add(sorted(inner));
            } else if (!(child instanceof XmlText text) || !text.text().isEmpty()) {
                children.add(child);
            }
        }
        return new XmlElement(element.namespace(), element.name(), attributes, children);
    }
}
