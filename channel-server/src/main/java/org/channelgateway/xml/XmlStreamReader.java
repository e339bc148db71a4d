package org.channelgateway.xml;

import com.fasterxml.aalto.AsyncByteArrayFeeder;
import com.fasterxml.aalto.AsyncXMLStreamReader;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import org.channelgateway.xml.XmlException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Reads an XMPP stream (RFC 6120 §4) that comes in parts, under {@link XmlLimits} for each stanza and with the checks of
 * {@link ElementBuilder}. Between two stanzas it holds the bytes of the stream's header and no parser: a parser keeps
 * each name that it met, so it is left for a new one, which starts with that header. Confined to one thread.
 */
public final class XmlStreamReader {
    /** What comes next on a stream. */
    public sealed interface Event {
        /** The stream's start tag; {@code contentNamespace} is the default namespace in it, empty without one. */
        record Opened(XmlElement header, String contentNamespace) implements Event {}

        record Stanza(XmlElement element) implements Event {}

        /** The stream's end tag; nothing comes after it. */
        record Closed() implements Event {}
    }

    /** Longest header of a stream, with the XML declaration. */
    static final int MAX_HEADER_BYTES = 4096;
    /** Most white space that comes without a stanza. */
    static final int MAX_SPACE_BYTES = 1 << 20;
    /** After so many bytes the next stanza gets a new parser. */
    static final int MAX_PARSER_BYTES = 1 << 16;

    /** About what a parser in the middle of a stanza takes. */
    private static final int PARSER_BYTES = 20_000;

    private static final Parsers PARSERS = new Parsers(InputFactoryImpl::new);

    private enum State {
        BEFORE,
        OPEN,
        CLOSED
    }

    private final Parsers parsers;
    private final StreamInput input;
    private XmlLimits limits;
    private State state = State.BEFORE;
    private byte[] header = {};
    /** Null unless the header is being read. */
    private @Nullable ByteArrayOutputStream headerSoFar;
    /** Null while nothing is being read. */
    private @Nullable AsyncXMLStreamReader<AsyncByteArrayFeeder> parser;

    private int parserBytes;
    /** Null unless the start tag of a stanza has come and its end has not. */
    private @Nullable ElementBuilder builder;
    /** How much of the header or stanza the parser has. */
    private int taken;

    private int space;
    /** The parser has a whole tag that it has said nothing of. */
    private boolean tagAwaited;

    public XmlStreamReader(XmlLimits limits) {
        this(limits, PARSERS);
    }

    XmlStreamReader(XmlLimits limits, Parsers parsers) {
        this.limits = limits;
        this.parsers = parsers;
        this.input = new StreamInput(limits);
    }

    /** Changes the limits, from the next stanza on. */
    public void limits(XmlLimits changed) {
        limits = changed;
        input.limits(changed);
    }

    /**
     * Takes all of {@code bytes}, which must have an array that nobody changes until {@link #next} has returned null.
     */
    public void feed(ByteBuffer bytes) {
        input.feed(bytes);
    }

    /** About how many bytes of heap are taken by a header or stanza that has begun and not ended; 0 between two. */
    public int begunBytes() {
        if (taken == 0) {
            return 0;
        }
        return PARSER_BYTES + taken + (builder == null ? 0 : builder.heapBytes());
    }

    /** Whether something was fed that {@link #next} has not looked at yet. */
    public boolean hasInput() {
        return !input.isEmpty();
    }

    /** What comes after the last stanza is a new stream (RFC 6120 §4.3.3). */
    public void restart() {
        dropParser();
        state = State.BEFORE;
        header = new byte[0];
        space = 0;
    }

    /** Forgets what was fed and is not read yet, and what has begun: nothing is read any more. */
    public void discard() {
        input.clear();
        dropParser();
        builder = null;
        headerSoFar = null;
        taken = 0;
    }

    /** The next event, null when more has to be fed before there is one. Of no use any more after an exception. */
    public @Nullable Event next() throws XmlException {
        try {
            return read();
        } catch (XMLStreamException | RuntimeException e) { // Aalto throws either at input like <xmlns:a/>
            throw new XmlException(Reason.MALFORMED, "not well-formed XML");
        }
    }

    private @Nullable Event read() throws XmlException, XMLStreamException {
        while (taken > 0 || isMoreThanSpace()) {
            AsyncXMLStreamReader<AsyncByteArrayFeeder> current = parser();
            int event = current.next();
            if (event == AsyncXMLStreamReader.EVENT_INCOMPLETE) {
                if (!feed(current)) {
                    break;
                }
            } else {
                tagAwaited &= event != XMLStreamConstants.START_ELEMENT && event != XMLStreamConstants.END_ELEMENT;
                Event complete = state == State.BEFORE ? beforeHeader(event, current) : afterHeader(event, current);
                if (complete != null) {
                    checkNothingLeft(current);
                    taken = 0;
                    space = 0;
                    return complete;
                }
            }
        }
        input.clear();
        return null;
    }

    /** What was taken for one stanza must not hold the begin of the next. */
    private void checkNothingLeft(AsyncXMLStreamReader<?> current) throws XmlException {
        if (!current.getInputFeeder().needMoreInput()) {
            throw new XmlException(Reason.MALFORMED, "not well-formed XML");
        }
    }

    /** Between stanzas: is there one? White space keeps a stream alive (RFC 6120 §4.6.1). */
    private boolean isMoreThanSpace() throws XmlException {
        if (state == State.CLOSED) {
            return false;
        }
        space += input.skipSpace();
        if (space > MAX_SPACE_BYTES) {
            throw XmlException.limit("white space", space, MAX_SPACE_BYTES);
        }
        if (input.isEmpty() || parserBytes > MAX_PARSER_BYTES) {
            dropParser();
        }
        return !input.isEmpty();
    }

    private AsyncXMLStreamReader<AsyncByteArrayFeeder> parser() throws XMLStreamException {
        AsyncXMLStreamReader<AsyncByteArrayFeeder> current = parser;
        if (current == null) {
            current = parsers.empty();
            parser = current;
            if (state == State.OPEN) {
                current.getInputFeeder().feedInput(header, 0, header.length);
                while (current.next() != XMLStreamConstants.START_ELEMENT) {}
            }
        }
        return current;
    }

    private void dropParser() {
        if (parser != null) {
            parsers.drop(parser, parserBytes);
            parser = null;
            parserBytes = 0;
        }
    }

    /** False when there is nothing left to feed. */
    private boolean feed(AsyncXMLStreamReader<AsyncByteArrayFeeder> current) throws XmlException, XMLStreamException {
        if (tagAwaited && state == State.OPEN) { // Aalto waits for more behind a wrong end tag
            throw new XmlException(Reason.MALFORMED, "not well-formed XML");
        }
        int most = state == State.BEFORE ? MAX_HEADER_BYTES : limits.maxBytes();
        if (taken >= most) {
            throw XmlException.limit("bytes", taken + 1, most);
        }
        int length = input.take(most - taken);
        taken += length;
        if (length == 0) {
            return false;
        }
        if (state == State.BEFORE) {
            headerSoFar = headerSoFar == null ? new ByteArrayOutputStream(256) : headerSoFar;
            headerSoFar.write(input.array(), input.offset(), length);
        }
        tagAwaited = input.endsTag();
        current.getInputFeeder().feedInput(input.array(), input.offset(), length);
        parserBytes += length;
        return true;
    }

    private @Nullable Event beforeHeader(int event, AsyncXMLStreamReader<?> current)
            throws XmlException, XMLStreamException {
        ElementBuilder tag = new ElementBuilder(limits);
        tag.accept(event, current);
        if (event != XMLStreamConstants.START_ELEMENT) {
            return null;
        }
        String contentNamespace = current.getNamespaceURI("");
        XmlElement element = tag.accept(XMLStreamConstants.END_ELEMENT, current);
        if (element == null || headerSoFar == null) {
            throw new AssertionError(state);
        }
        if (current.isEmptyElement()) {
            throw new XmlException(Reason.MALFORMED, "a stream that ends with its start tag");
        }
        header = headerSoFar.toByteArray();
        headerSoFar = null;
        state = State.OPEN;
        return new Event.Opened(element, contentNamespace == null ? "" : contentNamespace);
    }

    private @Nullable Event afterHeader(int event, AsyncXMLStreamReader<?> current)
            throws XmlException, XMLStreamException {
        if (builder == null) {
            if (event == XMLStreamConstants.END_ELEMENT) {
                dropParser();
                state = State.CLOSED;
                return new Event.Closed();
            }
            if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
                throw new XmlException(Reason.MALFORMED, "text between stanzas");
            }
            builder = new ElementBuilder(limits);
        }
        XmlElement stanza = builder.accept(event, current);
        if (stanza == null) {
            return null;
        }
        builder = null;
        return new Event.Stanza(stanza);
    }
}
