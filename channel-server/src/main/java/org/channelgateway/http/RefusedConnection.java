package org.channelgateway.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.channelgateway.limit.Retry;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/** A connection for which there is no room: told so without a look at its request, and closed. */
final class RefusedConnection extends AbstractConnection {
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final String JSON = new String(
            new Problem(503, "connections: too many (expected: fewer, later)").json(), StandardCharsets.UTF_8);
    private static final int MAX_BYTES = 4096;
    private static final long MAX_SILENCE_MILLIS = 2_000;

    /** Most that are told at once. */
    static final int MOST_TOLD = 256;

    private final Semaphore places;
    private final AtomicBoolean isTold = new AtomicBoolean();

    /** @param places {@link #MOST_TOLD}, shared by all */
    RefusedConnection(EndPoint endPoint, Executor executor, Semaphore places) {
        super(endPoint, executor);
        this.places = places;
    }

    private static byte[] answer() {
        String answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: " + Problem.CONTENT_TYPE
                + "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nRetry-After: "
                + Retry.after(RETRY).toSeconds() + "\r\nConnection: close\r\nContent-Length: " + JSON.length()
                + "\r\n\r\n" + JSON;
        return answer.getBytes(StandardCharsets.US_ASCII);
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
        getEndPoint().write(Callback.from(this::said, failure -> close()), ByteBuffer.wrap(answer()));
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        if (isTold.getAndSet(false)) {
            places.release();
        }
    }

    /** Closed at once, its request under way would be answered with a reset, which takes the answer from it. */
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
