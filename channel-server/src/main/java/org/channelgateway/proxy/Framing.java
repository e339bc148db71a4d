package org.channelgateway.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** How the end of a request's body is known (RFC 9112 §6). */
enum Framing {
    NONE,
    LENGTH,
    CHUNKED;

    private static final ByteBuffer CRLF = ascii("\r\n");
    private static final ByteBuffer LAST = ascii("0\r\n\r\n");

    static Framing of(Request request) {
        if (request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
            return CHUNKED;
        }
        return request.getLength() > 0 ? LENGTH : NONE;
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();
    }

    void describe(Request request, BiConsumer<String, String> fields) {
        if (this == CHUNKED) {
            fields.accept("Transfer-Encoding", "chunked");
        } else if (request.getLength() >= 0 && request.getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
            fields.accept("Content-Length", Long.toString(request.getLength()));
        }
    }

    /** A part of the body as it is written; the part is not copied. */
    ByteBuffer[] frame(ByteBuffer part, boolean last) {
        if (this != CHUNKED) {
            return new ByteBuffer[] {part};
        }
        if (!part.hasRemaining()) {
            return last ? new ByteBuffer[] {LAST.duplicate()} : new ByteBuffer[0];
        }
        ByteBuffer size = ascii(Integer.toHexString(part.remaining()) + "\r\n");
        return last
                ? new ByteBuffer[] {size, part, CRLF.duplicate(), LAST.duplicate()}
                : new ByteBuffer[] {size, part, CRLF.duplicate()};
    }
}
