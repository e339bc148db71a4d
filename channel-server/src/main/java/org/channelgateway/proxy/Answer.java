package org.channelgateway.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * Passes the application's answer on as it comes: its head at once, and no part of its body is read before the one before it is
 * written.
 */
final class Answer extends IteratingCallback implements HttpParser.ResponseHandler {
    private static final String NOT_WHOLE = "its answer is not whole";
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int MAX_HEAD_BYTES = 64 * 1024;

    private final Exchange exchange;
    private final EndPoint from;
    private final Response to;
    private final ByteBufferPool pool;
    private final HttpParser parser;
    private final boolean isHead;
    private @Nullable RetainableByteBuffer buffer;
    /** Why there will be no more of it; null while there may. */
    private volatile @Nullable Throwable broken;

    private int status;
    private HttpFields.Mutable fields = HttpFields.build();
    private boolean headCame;
    private @Nullable ByteBuffer content;
    private boolean allCame;
    /** The head was given to the response, and is not written. */
    private boolean headWaits;

    private boolean over;

    /** @param isHead the request is one for the head only */
    Answer(Exchange exchange, EndPoint from, Response to, ByteBufferPool pool, boolean isHead) {
        this.exchange = exchange;
        this.from = from;
        this.to = to;
        this.pool = pool;
        this.parser = new HttpParser(this, MAX_HEAD_BYTES);
        parser.setHeaderCacheSize(0); // it would cost more than all the rest
        this.isHead = isHead;
    }

    /** The connection to the application is no more. */
    void broke(Throwable why) {
        broken = why;
        iterate();
    }

    @Override
    protected Action process() throws Throwable {
        while (!over) {
            boolean parsed = buffer != null && parser.parseNext(buffer.getByteBuffer());
            if (headCame) {
                headCame = false;
                head();
            }
            if (content != null) {
                ByteBuffer part = content;
                content = null;
                headWaits = false;
                to.write(false, part, this);
                return Action.SCHEDULED;
            }
            if (allCame) {
                allCame = false;
                if (all()) {
                    return Action.SCHEDULED;
                }
            } else if (!parsed || broken != null) {
                Action waiting = fill();
                if (waiting != null) {
                    return waiting;
                }
            }
        }
        release();
        return Action.SUCCEEDED;
    }

    /** Null when something came, or the end. */
    private @Nullable Action fill() throws IOException {
        Throwable why = broken;
        if (why != null) {
            throw new IOException(why);
        }
        if (buffer == null) {
            buffer = pool.acquire(BUFFER_BYTES, true);
        }
        int filled = from.fill(buffer.getByteBuffer());
        exchange.touch();
        if (filled != 0) {
            if (filled < 0) {
                ended();
            }
            return null;
        }
        release();
        if (headWaits) {
            flushHead();
            return Action.SCHEDULED;
        }
        exchange.awaitMore();
        return Action.IDLE;
    }

    private void flushHead() {
        headWaits = false;
        to.write(false, BufferUtil.EMPTY_BUFFER, this);
    }

    /** The parser says what the end means: that of the answer, or too early. */
    private void ended() throws IOException {
        if (parser.isAtEOF()) {
            throw new EOFException(NOT_WHOLE);
        }
        parser.atEOF();
    }

    private void head() throws IOException {
        if (status == HttpStatus.SWITCHING_PROTOCOLS_101) {
            exchange.switching(fields, leftOver());
            over = true;
        } else if (HttpStatus.isInterim(status)) {
            exchange.interim(status);
        } else {
            exchange.answering(status, fields);
            headWaits = true;
        }
    }

    /** True when the end of the answer is being written. */
    private boolean all() {
        if (HttpStatus.isInterim(status)) {
            parser.reset();
            return false;
        }
        if (headWaits
                && (isHead || status == HttpStatus.NOT_MODIFIED_304)) { // else Jetty would add a length of nothing
            allCame = true;
            flushHead();
        } else {
            over = true;
            exchange.last(this);
        }
        return true;
    }

    /** What the application sent behind its head already. */
    private ByteBuffer leftOver() {
        ByteBuffer rest = buffer == null ? BufferUtil.EMPTY_BUFFER : buffer.getByteBuffer();
        ByteBuffer copy = ByteBuffer.allocate(rest.remaining()).put(rest.duplicate());
        return copy.flip();
    }

    private void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }

    @Override
    protected void onCompleteSuccess() {
        exchange.answered();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        release();
        exchange.answerFailed(cause);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public void startResponse(HttpVersion version, int status, String reason) {
        this.status = status;
        parser.setHeadResponse(isHead);
        fields = HttpFields.build();
    }

    @Override
    public void parsedHeader(HttpField field) {
        fields.add(field);
    }

    @Override
    public boolean headerComplete() {
        headCame = true;
        return true;
    }

    @Override
    public boolean content(ByteBuffer part) {
        content = part;
        return true;
    }

    @Override
    public boolean contentComplete() {
        return false;
    }

    @Override
    public boolean messageComplete() {
        allCame = true;
        return true;
    }

    @Override
    public void earlyEOF() {
        broken = new EOFException(NOT_WHOLE);
    }

    @Override
    public void badMessage(HttpException failure) {
        broken = new IOException("its answer is no HTTP: " + failure.getReason());
    }
}
