package org.channelgateway.proxy;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Passes a request's body on as it comes: no part is read before the one before it is written. What nobody takes any more is
 * thrown away, within a bound, so that the client reads its answer before the connection is closed.
 */
final class Upload extends IteratingCallback {
    private static final long MAX_THROWN_AWAY = 1 << 20;

    private final Exchange exchange;
    private final Request request;
    private final Framing framing;
    private Content.@Nullable Chunk part;
    private boolean last;
    private long thrownAway;
    /** The application takes no more of it. */
    private volatile boolean unwanted;
    /** A part is being written. */
    private volatile boolean writing;

    Upload(Exchange exchange, Request request, Framing framing) {
        this.exchange = exchange;
        this.request = request;
        this.framing = framing;
    }

    Framing framing() {
        return framing;
    }

    /** True while the application does not take what is there; false while the client sends nothing. */
    boolean isWriting() {
        return writing;
    }

    void throwAwayTheRest() {
        unwanted = true;
    }

    @Override
    protected Action process() {
        while (true) {
            release();
            if (last || thrownAway > MAX_THROWN_AWAY) {
                return Action.SUCCEEDED;
            }
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(Invocable.from(InvocationType.NON_BLOCKING, this::iterate));
                return Action.IDLE;
            }
            if (Content.Chunk.isFailure(chunk)) {
                last = true;
                exchange.clientFailed(chunk.getFailure());
                return Action.SUCCEEDED;
            }
            last = chunk.isLast();
            part = chunk;
            boolean empty = !chunk.hasRemaining() && !(last && framing == Framing.CHUNKED);
            if (unwanted) {
                thrownAway += chunk.remaining();
            } else if (!empty) {
                writing = true;
                exchange.touch();
                exchange.write(new Written(), framing.frame(chunk.getByteBuffer(), last));
                return Action.SCHEDULED;
            }
        }
    }

    private void release() {
        writing = false;
        exchange.touch();
        if (part != null) {
            part.release();
            part = null;
        }
    }

    @Override
    protected void onCompleteSuccess() {
        exchange.uploaded();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        exchange.clientFailed(cause);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    /** An application may answer without having read all: whether it did is seen where its answer is read. */
    private final class Written implements Callback {
        @Override
        public void succeeded() {
            Upload.this.succeeded();
        }

        @Override
        public void failed(Throwable failure) {
            unwanted = true;
            Upload.this.succeeded();
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
