package org.channelgateway.c2s;

import java.io.IOException;
import org.channelgateway.xml.XmlException;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlStreamReader;
import org.channelgateway.xml.XmlStreamReader.Event;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * The read side of a connection: what comes from the socket, as events. Has a buffer only while there is something in
 * it. Used by one thread at a time.
 */
final class StreamReading {
    /** How often one client's socket is read before others have their turn. */
    private static final int FILLS_IN_A_ROW = 16;

    private static final int END_OF_INPUT = -1;

    private final XmlStreamReader reader;
    private final ByteBufferPool pool;
    private @Nullable RetainableByteBuffer buffer;
    private int fills;

    /** @param beforeLogin the limits of a client that has not logged in */
    StreamReading(ByteBufferPool pool, XmlLimits beforeLogin) {
        this.pool = pool;
        this.reader = new XmlStreamReader(beforeLogin);
    }

    /** A new turn. */
    void begin() {
        fills = 0;
    }

    /** The next event of what has been read; null when there is none. */
    @Nullable
    Event next() throws XmlException {
        return reader.next();
    }

    /** About how much heap is taken by a stanza that has begun and not ended; 0 without one. */
    int begunBytes() {
        return reader.begunBytes();
    }

    /** Whether something has been read that {@link #next} has not looked at. */
    boolean hasMore() {
        return reader.hasInput();
    }

    /**
     * Reads more; false when the socket has no more for now, or others have their turn.
     *
     * @throws IOException at the end of the input, too
     */
    boolean more(Link link) throws IOException {
        if (fills == FILLS_IN_A_ROW) {
            release();
            return false;
        }
        int filled = fill(link);
        if (filled == END_OF_INPUT) {
            throw new IOException("end of input");
        }
        return filled > 0;
    }

    private int fill(Link link) throws IOException {
        fills++;
        RetainableByteBuffer target = buffer;
        if (target == null) {
            target = pool.acquire(link.getInputBufferSize() + 1, false); // one more: TLS decrypts in place
            buffer = target;
        }
        BufferUtil.clear(target.getByteBuffer());
        int filled = END_OF_INPUT;
        try {
            filled = link.getEndPoint().fill(target.getByteBuffer());
        } finally {
            if (filled <= 0) {
                release();
            }
        }
        if (filled > 0) {
            reader.feed(target.getByteBuffer());
        }
        return filled;
    }

    /** A new stream follows, with the limits of a client that has logged in. */
    void restart(XmlLimits limits) {
        reader.restart();
        reader.limits(limits);
    }

    /** A new stream follows, inside TLS: what came before it in clear is nobody's (RFC 6120 §5.4.3.3). */
    void restartInTls() {
        discard();
        reader.restart();
    }

    /** Forgets what was read. */
    void discard() {
        reader.discard();
        release();
    }

    /** Reads and forgets; returns false at the end of the input. */
    boolean drain(Link link) throws IOException {
        discard();
        int filled = fill(link);
        while (filled > 0 && fills < FILLS_IN_A_ROW) {
            reader.discard();
            filled = fill(link);
        }
        discard();
        return filled != END_OF_INPUT;
    }

    private void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
