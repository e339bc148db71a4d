package org.channelgateway.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/**
 * A connection for which there is no room: told so without a look at what it sends, and closed. That takes it up to two seconds, so
 * when many are being told the others are closed without a word.
 */
public final class RefusedConnection extends AbstractConnection {
    private static final int MAX_BYTES = 4096;
    private static final long MAX_SILENCE_MILLIS = 2_000;

    /** Most that are told at once. */
    public static final int MOST_TOLD = 256;

    private final Semaphore places;
    private final Supplier<byte[]> words;
    private final AtomicBoolean isTold = new AtomicBoolean();

    /**
     * @param places {@link #MOST_TOLD}, shared by all
     * @param words all that is said
     */
    public RefusedConnection(EndPoint endPoint, Executor executor, Semaphore places, Supplier<byte[]> words) {
        super(endPoint, executor);
        this.places = places;
        this.words = words;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        if (!places.tryAcquire()) {
            close();
            return;
        }
        isTold.set(true);
        getEndPoint().setIdleTimeout(MAX_SILENCE_MILLIS);
        getEndPoint().write(Callback.from(this::said, failure -> close()), ByteBuffer.wrap(words.get()));
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        if (isTold.getAndSet(false)) {
            places.release();
        }
    }

    /** Closed at once, what the client sends meanwhile would be answered with a reset, which takes the words from it. */
    private void said() {
        getEndPoint().shutdownOutput();
        fillInterested();
    }

    @Override
    public void onFillable() {
        try {
            ByteBuffer unread = ByteBuffer.allocate(MAX_BYTES).flip(); // Jetty fills from the limit on
            if (getEndPoint().fill(unread) == 0) {
                fillInterested();
                return;
            }
        } catch (IOException e) {
            // it is gone
        }
        close();
    }
}
