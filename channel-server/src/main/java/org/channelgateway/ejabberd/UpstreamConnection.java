package org.channelgateway.ejabberd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * A connection to ejabberd: one request at a time, and its whole answer. Written by whoever sends; read by the one thread that Jetty
 * tells of bytes, which hands the connection back before it hands the answer on. That is the one which selects: nothing of it blocks, so
 * no other thread has to be woken.
 */
final class UpstreamConnection extends AbstractConnection.NonBlocking {
    private static final int BUFFER_BYTES = 4 * 1024;

    private final UpstreamNode node;
    private final ByteBufferPool pool;
    private final AnswerParser answer;
    /** Holds null while none is under way. Whoever takes it out says what became of it. */
    private final AtomicReference<@Nullable Posting> posting = new AtomicReference<>();
    /** Of a request that is written and its answer: one is not done before the other may be seen. */
    private final AtomicInteger undone = new AtomicInteger();
    /** It has served: the node may have closed it meanwhile. */
    private volatile boolean used;
    /** A part of the answer has come. */
    private volatile boolean begun;

    UpstreamConnection(EndPoint endPoint, Executor executor, ByteBufferPool pool, UpstreamNode node, int maxBytes) {
        super(endPoint, executor);
        this.node = node;
        this.pool = pool;
        this.answer = new AnswerParser(maxBytes);
    }

    /** What it was opened for. */
    void first(Posting first) {
        posting.set(first);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        node.opened();
        fillInterested();
        Posting first = posting.get();
        if (first != null) {
            send(first);
        }
    }

    void send(Posting next) {
        undone.set(2);
        posting.set(next);
        next.sentOver(this);
        if (next.isDone()) { // cancelled before it was known over what it is sent
            abandon(next);
            return;
        }
        getEndPoint()
                .write(
                        Callback.from(Invocable.InvocationType.NON_BLOCKING, this::oneDone, this::ended),
                        node.request(next.body()));
    }

    /**
     * T1 writes a request, T2 reads its answer, which may be there before T1 has come back from the write: only after both another
     * request may be written.
     */
    private void oneDone() {
        if (undone.decrementAndGet() == 0) {
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
                    answer.ended(buffer.getByteBuffer());
                } else {
                    begun = true;
                    answer.parse(buffer.getByteBuffer());
                }
                if (filled < 0 || answer.isOver()) {
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

    /** The answer is whole, or there will be none. */
    private void done(ByteBuffer rest) {
        Posting served = answer.isWhole() ? posting.getAndSet(null) : null;
        if (served == null) { // of no request: nothing may come
            ended(answer.failure());
            return;
        }
        int status = answer.status();
        byte[] body = answer.body();
        if (answer.isPersistent() && !rest.hasRemaining() && !served.isDone()) {
            used = true;
            begun = false;
            answer.reset();
            fillInterested();
            oneDone();
        } else {
            getEndPoint().close();
        }
        served.answer(status, body);
    }

    private void ended(Throwable why) {
        Posting served = posting.getAndSet(null);
        getEndPoint().close();
        if (served == null) {
            return;
        }
        if (answer.isTooLong()) {
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
}
