package org.channelgateway.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/** Two connections of which each gets what comes over the other one, after a switch of protocols (RFC 9110 §15.2.2). */
final class Tunnel {
    /** How long nothing at all may come: a browser that vanished is not kept for ever. */
    private static final Duration QUIET = Duration.ofHours(1);

    /** The same when one side has ended: the other may still say its last words. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(60);

    private static final int BUFFER_BYTES = 16 * 1024;

    private final Executor executor;
    private final ByteBufferPool pool;
    private final End client;
    private final End application;
    private final EndPoint applicationEndPoint;

    /** @param fromApplication what it sent already */
    Tunnel(EndPoint client, EndPoint application, ByteBuffer fromApplication, Executor executor, ByteBufferPool pool) {
        this.executor = executor;
        this.pool = pool;
        this.applicationEndPoint = application;
        this.client = new End(client, application, ByteBuffer.allocate(0), this::openApplication);
        this.application = new End(application, client, fromApplication, () -> {});
    }

    /** The end that the client's connection becomes. */
    Connection client() {
        return client;
    }

    /** Only now, when the client has been told of the switch, it may get more. */
    private void openApplication() {
        client.getEndPoint().setIdleTimeout(QUIET.toMillis());
        applicationEndPoint.upgrade(application);
    }

    /** What comes over one connection goes to {@code to}. */
    private final class End extends AbstractConnection implements Connection.UpgradeTo {
        private final EndPoint to;
        private final Runnable opened;
        private final Pipe pipe = new Pipe();
        private ByteBuffer first;

        End(EndPoint from, EndPoint to, ByteBuffer first, Runnable opened) {
            super(from, executor);
            this.to = to;
            this.first = first;
            this.opened = opened;
        }

        @Override
        public void onUpgradeTo(ByteBuffer buffer) {
            first = buffer;
        }

        @Override
        public void onOpen() {
            super.onOpen();
            opened.run();
            pipe.iterate();
        }

        @Override
        public void onFillable() {
            pipe.iterate();
        }

        @Override
        public void onFillInterestedFailed(Throwable cause) {
            close(cause);
        }

        @Override
        public void onClose(@Nullable Throwable cause) {
            super.onClose(cause);
            to.close(cause == null ? new EOFException("closed") : cause);
        }

        private void close(Throwable cause) {
            getEndPoint().close(cause);
            to.close(cause);
        }

        private final class Pipe extends IteratingCallback {
            private @Nullable RetainableByteBuffer buffer;

            @Override
            protected Action process() throws IOException {
                if (first.hasRemaining()) {
                    ByteBuffer bytes = first;
                    first = ByteBuffer.allocate(0);
                    to.write(this, bytes);
                    return Action.SCHEDULED;
                }
                release();
                RetainableByteBuffer filling = pool.acquire(BUFFER_BYTES, true);
                buffer = filling;
                int filled = getEndPoint().fill(filling.getByteBuffer());
                if (filled > 0) {
                    to.write(this, filling.getByteBuffer());
                    return Action.SCHEDULED;
                }
                release();
                if (filled == 0) {
                    fillInterested();
                    return Action.IDLE;
                }
                getEndPoint().setIdleTimeout(LAST_WORDS.toMillis());
                to.setIdleTimeout(LAST_WORDS.toMillis());
                to.shutdownOutput();
                return Action.SUCCEEDED;
            }

            private void release() {
                if (buffer != null) {
                    buffer.release();
                    buffer = null;
                }
            }

            @Override
            protected void onCompleteFailure(Throwable cause) {
                release();
                End.this.close(cause);
            }

            @Override
            public InvocationType getInvocationType() {
                return InvocationType.NON_BLOCKING;
            }
        }
    }
}
