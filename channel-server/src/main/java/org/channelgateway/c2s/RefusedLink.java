package org.channelgateway.c2s;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/** A connection for which there is no room: told so without a look at what it sends, and closed. */
final class RefusedLink extends AbstractConnection {
    private static final int MAX_BYTES = 4096;
    private static final long MAX_SILENCE_MILLIS = 2_000;

    private final byte[] words;

    /** @param words all that is said */
    RefusedLink(EndPoint endPoint, Executor executor, byte[] words) {
        super(endPoint, executor);
        this.words = words;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().setIdleTimeout(MAX_SILENCE_MILLIS);
        getEndPoint().write(Callback.from(this::said, failure -> close()), ByteBuffer.wrap(words));
    }

    /** Closed at once, the client's header under way would be answered with a reset, which takes the words from it. */
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
