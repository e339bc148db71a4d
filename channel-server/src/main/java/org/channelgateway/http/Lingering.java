package org.channelgateway.http;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/**
 * Closes a connection whose request was answered before its body had come: what still comes is thrown away first, within
 * a bound. Closed at once, the bytes under way would be answered with a reset, which takes the answer from the client
 * before it has read it. Confined to the thread that Jetty runs it on.
 */
final class Lingering implements Callback, Runnable {
    private static final long MAX_BYTES = 1 << 20;
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long MAX_SILENCE_MILLIS = 2_000;

    private final Request request;
    private final Callback then;
    private final long startedAt = System.nanoTime();
    private long bytes;

    /** @param then what ends the request */
    Lingering(Request request, Callback then) {
        this.request = request;
        this.then = then;
    }

    /** The answer is out. */
    @Override
    public void succeeded() {
        request.getConnectionMetaData().getConnection().getEndPoint().setIdleTimeout(MAX_SILENCE_MILLIS);
        run();
    }

    @Override
    public void failed(Throwable failure) {
        then.failed(failure);
    }

    @Override
    public void run() {
        while (bytes <= MAX_BYTES && System.nanoTime() - startedAt < MAX_NANOS) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                break;
            }
            bytes += chunk.remaining();
            boolean last = chunk.isLast();
            chunk.release();
            if (last) {
                break;
            }
        }
        then.succeeded();
    }
}
