package org.channelgateway.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/** A connection for which there is no room: told so without a look at its request, and closed. */
final class RefusedConnection extends AbstractConnection {
    private static final Problem PROBLEM =
            new Problem(503, "connections: too many (expected: fewer, later)", Duration.ofSeconds(5));
    private static final int MAX_BYTES = 4096;
    private static final long MAX_SILENCE_MILLIS = 2_000;
    private static final byte[] ANSWER = answer();

    RefusedConnection(EndPoint endPoint, Executor executor) {
        super(endPoint, executor);
    }

    private static byte[] answer() {
        String json = new String(PROBLEM.json(), StandardCharsets.UTF_8);
        String answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: " + Problem.CONTENT_TYPE
                + "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nRetry-After: 5\r\n"
                + "Connection: close\r\nContent-Length: " + json.length() + "\r\n\r\n" + json;
        return answer.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().setIdleTimeout(MAX_SILENCE_MILLIS);
        getEndPoint().write(Callback.from(this::said, failure -> close()), ByteBuffer.wrap(ANSWER));
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
