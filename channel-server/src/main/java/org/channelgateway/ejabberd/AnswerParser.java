package org.channelgateway.ejabberd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** Reads the HTTP answers of one connection, one whole answer after the other. For one thread at a time. */
final class AnswerParser implements HttpParser.ResponseHandler {
    private static final int MAX_HEAD_BYTES = 8 * 1024;
    private static final byte[] NONE = {};

    private final int maxBytes;
    private final HttpParser parser = new HttpParser(this, MAX_HEAD_BYTES);

    private int status;
    private boolean persistent;
    private byte[] body = NONE;
    private int length;
    private boolean whole;
    private boolean tooLong;
    private @Nullable IOException broken;

    /** @param maxBytes longest body */
    AnswerParser(int maxBytes) {
        this.maxBytes = maxBytes;
        parser.setHeaderCacheSize(0); // it would cost more than all the rest
    }

    /** Takes what there is, up to the end of an answer. */
    void parse(ByteBuffer bytes) {
        do {
            parser.parseNext(bytes);
        } while (bytes.hasRemaining() && !isOver());
    }

    /** Nothing more will come. */
    void ended(ByteBuffer rest) {
        parser.atEOF();
        parse(rest);
    }

    /** The answer is whole, or will never be. */
    boolean isOver() {
        return whole || tooLong || broken != null;
    }

    boolean isWhole() {
        return whole;
    }

    boolean isTooLong() {
        return tooLong;
    }

    /** Why there is no answer. */
    IOException failure() {
        return broken == null ? new EOFException("it closed") : broken;
    }

    int status() {
        return status;
    }

    /** Another request may follow on the connection. */
    boolean isPersistent() {
        return persistent;
    }

    byte[] body() {
        return length == body.length ? body : Arrays.copyOf(body, length);
    }

    /** The next answer is another one. */
    void reset() {
        parser.reset();
        body = NONE;
        length = 0;
        whole = false;
    }

    @Override
    public void startResponse(HttpVersion version, int code, String reason) {
        status = code;
        persistent = version == HttpVersion.HTTP_1_1;
    }

    @Override
    public void parsedHeader(HttpField field) {
        if (field.getHeader() == HttpHeader.CONNECTION && field.contains("close")) {
            persistent = false;
        }
    }

    @Override
    public boolean headerComplete() {
        long announced = parser.getContentLength();
        tooLong = announced > maxBytes;
        if (announced > 0 && !tooLong) {
            body = new byte[(int) announced];
        }
        return tooLong;
    }

    @Override
    public boolean content(ByteBuffer part) {
        int size = part.remaining();
        if (size > maxBytes - length) {
            tooLong = true;
            return true;
        }
        if (length + size > body.length) {
            body = Arrays.copyOf(body, Math.max(length + size, body.length * 2));
        }
        part.get(body, length, size);
        length += size;
        return false;
    }

    @Override
    public boolean contentComplete() {
        return false;
    }

    @Override
    public boolean messageComplete() {
        whole = true;
        return true;
    }

    @Override
    public void earlyEOF() {
        broken = new EOFException("its answer is not whole");
    }

    @Override
    public void badMessage(HttpException failure) {
        broken = new IOException("its answer is no HTTP: " + failure.getReason());
    }
}
