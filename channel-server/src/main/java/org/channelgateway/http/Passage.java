package org.channelgateway.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A request that is passed on, and its answer that comes back: both as they come, and under the time limits of whoever passes
 * them on instead of those of the gateway's own requests. A client that does not read its answer is closed all the same.
 */
public final class Passage {
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final EndPoint endPoint;
    private final long idleMillis;

    public Passage(Request request, Response response, Callback callback) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        this.idleMillis = endPoint.getIdleTimeout();
        endPoint.setIdleTimeout(0);
        if (endPoint instanceof ClientEndPoint client) {
            client.requestEnds();
        }
    }

    public Request request() {
        return request;
    }

    public Response response() {
        return response;
    }

    /** The client's socket. */
    public EndPoint client() {
        return endPoint;
    }

    /**
     * Writes a whole answer of the gateway's own.
     *
     * @param isBodyRead false closes the connection after it
     * @param then told when it is written; {@link #end} has to follow
     */
    public void write(Problem problem, boolean isBodyRead, Callback then) {
        byte[] json = problem.json();
        HttpFields.Mutable headers = response.getHeaders();
        response.setStatus(problem.status());
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        headers.put(HttpHeader.CONTENT_LENGTH, json.length);
        if (!isBodyRead) {
            headers.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        }
        closeIfCrowding();
        boolean head = request.getMethod().equals("HEAD");
        response.write(true, head ? ByteBuffer.allocate(0) : ByteBuffer.wrap(json), then);
    }

    /** To be called when the headers of the answer are there: closes the connection after it when that keeps room which others need. */
    public void closeIfCrowding() {
        if (endPoint instanceof ClientEndPoint client && client.isCrowding()) {
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        }
    }

    /** The whole answer is written. */
    public void end() {
        endPoint.setIdleTimeout(idleMillis);
        if (endPoint instanceof ClientEndPoint client) {
            client.answered();
        }
        callback.succeeded();
    }

    /** There will be no answer, or no more of it; the client can tell. */
    public void fail(Throwable failure) {
        endPoint.setIdleTimeout(idleMillis);
        callback.failed(failure);
    }

    /**
     * Answers with 101 and hands the connection over, for good.
     *
     * @param connection opened when the answer is written
     * @param failed told when it could not be
     */
    public void switchTo(Connection connection, Runnable failed) {
        response.setStatus(HttpStatus.SWITCHING_PROTOCOLS_101);
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, connection);
        response.write(true, null, new Callback.Nested(callback) {
            @Override
            public void failed(Throwable failure) {
                failed.run();
                super.failed(failure);
            }
        });
    }

    /** Watches a client whose request was read to its end; null when it cannot be watched. */
    public @Nullable ConnectionWatch watch(Runnable gone) {
        return ConnectionWatch.of(request, gone);
    }
}
