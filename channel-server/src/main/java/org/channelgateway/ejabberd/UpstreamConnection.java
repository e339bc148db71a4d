package org.channelgateway.ejabberd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * A connection to ejabberd: one request at a time, and its whole answer. Written by whoever sends; read by the one thread that Jetty
 * tells of bytes, which hands the connection back before it hands the answer on.
 */
final class UpstreamConnection extends AbstractConnection implements HttpParser.ResponseHandler {
    private static final int BUFFER_BYTES = 4 * 1024;
    private static final int MAX_HEAD_BYTES = 8 * 1024;
    private static final byte[] NONE = {};

    private final UpstreamNode node;
    private final int maxBytes;
    private final ByteBufferPool pool;
    private final HttpParser parser = new HttpParser(this, MAX_HEAD_BYTES);
    /** Holds null while none is under way. Whoever takes it out says what became of it. */
    private final AtomicReference<@Nullable Posting> posting = new AtomicReference<>();
    /** Of the request under way: its writing and its answer. It is free when both are over, whichever is the last. */
    private final AtomicInteger halves = new AtomicInteger();
    /** It has served: the node may have closed it meanwhile. */
    private volatile boolean used;
    /** A part of the answer has come. */
    private volatile boolean begun;

    private int status;
    private boolean persistent;
    private byte[] body = NONE;
    private int length;
    private boolean whole;
    private boolean isTooLong;
    private @Nullable Throwable broken;

    UpstreamConnection(EndPoint endPoint, Executor executor, ByteBufferPool pool, UpstreamNode node, int maxBytes) {
        super(endPoint, executor);
        this.node = node;
        this.pool = pool;
        this.maxBytes = maxBytes;
        parser.setHeaderCacheSize(0); // it would cost more than all the rest
    }

    /** What it was opened for. */
    void first(Posting first) {
        posting.set(first);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        fillInterested();
        Posting first = posting.get();
        if (first != null) {
            send(first);
        }
    }

    void send(Posting next) {
        posting.set(next);
        next.sentOver(this);
        if (next.isDone()) { // cancelled before it was known over what it is sent
            abandon(next);
            return;
        }
        halves.set(2);
        getEndPoint()
                .write(Callback.from(Invocable.InvocationType.NON_BLOCKING, this::half, this::ended), next.request());
    }

    /** The answer may have been read before whoever wrote the request is told that it is written. */
    private void half() {
        if (halves.decrementAndGet() == 0) {
            node.free(this);
        }
    }

    boolean isOpen() {
        return getEndPoint().isOpen();
    }

    /** Closes it, if it still serves {@code cancelled}. */
    void abandon(Posting cancelled) {
        if (posting.get() == cancelled) {
            getEndPoint().close();
        }
    }

    @Override
    public void onFillable() {
        RetainableByteBuffer buffer = pool.acquire(BUFFER_BYTES, true);
        try {
            while (true) {
                int filled = getEndPoint().fill(buffer.getByteBuffer());
                if (filled == 0) {
                    fillInterested();
                    return;
                }
                if (filled < 0) {
                    parser.atEOF();
                } else {
                    begun = true;
                }
                parse(buffer.getByteBuffer());
                if (broken != null || isTooLong || filled < 0 || whole) {
                    done(buffer.getByteBuffer());
                    return;
                }
            }
        } catch (IOException e) {
            ended(e);
        } finally {
            buffer.release();
        }
    }

    private void parse(ByteBuffer bytes) {
        do {
            parser.parseNext(bytes);
        } while (bytes.hasRemaining() && !whole && !isTooLong && broken == null);
    }

    /** The answer is whole, or there will be none. */
    private void done(ByteBuffer rest) {
        Posting served = whole ? posting.getAndSet(null) : null;
        if (served == null) { // of no request: nothing may come
            ended(broken == null ? new EOFException("it closed") : broken);
            return;
        }
        int code = status;
        byte[] answer = length == body.length ? body : Arrays.copyOf(body, length);
        if (persistent && !rest.hasRemaining() && !served.isDone()) {
            used = true;
            begun = false;
            parser.reset();
            body = NONE;
            length = 0;
            whole = false;
            fillInterested();
            half();
        } else {
            getEndPoint().close();
        }
        served.answer(code, answer);
    }

    private void ended(Throwable why) {
        Posting served = posting.getAndSet(null);
        getEndPoint().close();
        if (served == null) {
            return;
        }
        if (isTooLong) {
            served.tooLong();
        } else if (used && !begun && !served.isDone()) { // it was closed before it saw the request
            node.sendAnew(served);
        } else {
            served.fail(why);
        }
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        node.closed(this);
    }

    /** The idle time is over, or it is closed. */
    @Override
    public void onFillInterestedFailed(Throwable cause) {
        begun |= cause instanceof TimeoutException; // it has seen the request and hangs: not once more
        ended(cause);
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
        isTooLong = announced > maxBytes;
        if (announced > 0 && !isTooLong) {
            body = new byte[(int) announced];
        }
        return isTooLong;
    }

    @Override
    public boolean content(ByteBuffer part) {
        int size = part.remaining();
        if (size > maxBytes - length) {
            isTooLong = true;
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
