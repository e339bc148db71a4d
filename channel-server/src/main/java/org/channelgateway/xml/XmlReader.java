package org.channelgateway.xml;

import com.fasterxml.aalto.AsyncByteArrayFeeder;
import com.fasterxml.aalto.AsyncXMLStreamReader;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import org.channelgateway.xml.XmlException.Reason;
import org.jspecify.annotations.Nullable;

/** Reads one whole document, under the limits and with the checks of {@link ElementBuilder}. Thread-safe. */
public final class XmlReader {
    private final XmlLimits limits;
    private final Parsers parsers = new Parsers(InputFactoryImpl::new);

    public XmlReader(XmlLimits limits) {
        this.limits = limits;
    }

    public XmlElement read(byte[] document) throws XmlException {
        if (document.length > limits.maxBytes()) {
            throw XmlException.limit("bytes", document.length, limits.maxBytes());
        }
        check(document);
        try {
            AsyncXMLStreamReader<AsyncByteArrayFeeder> parser = parsers.of(document);
            try {
                parser.getInputFeeder().endOfInput();
                return read(parser);
            } finally {
                parser.close();
            }
        } catch (XMLStreamException | RuntimeException e) { // Aalto throws either at input like <xmlns:a/>
            throw new XmlException(Reason.MALFORMED, "not well-formed XML");
        }
    }

    private void check(byte[] document) throws XmlException {
        Utf8 utf8 = new Utf8();
        Markup markup = new Markup(limits);
        for (byte octet : document) {
            if (!utf8.accepts(octet)) {
                throw Utf8.malformed();
            }
            markup.accept(octet);
        }
        if (!utf8.isWhole()) {
            throw Utf8.malformed();
        }
    }

    private XmlElement read(AsyncXMLStreamReader<AsyncByteArrayFeeder> parser) throws XmlException, XMLStreamException {
        ElementBuilder builder = new ElementBuilder(limits);
        XmlElement root = null;
        for (int event = parser.next(); event != XMLStreamConstants.END_DOCUMENT; event = parser.next()) {
            if (event == AsyncXMLStreamReader.EVENT_INCOMPLETE) {
                throw new XmlException(Reason.MALFORMED, "the document ends too early");
            }
            @Nullable XmlElement ended = builder.accept(event, parser);
            root = ended == null ? root : ended;
        }
        if (root == null) {
            throw new XmlException(Reason.MALFORMED, "no root element");
        }
        return root;
    }
}
