package org.channelgateway.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.channelgateway.limit.Retry;
import org.channelgateway.stats.RefusalCounts;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What Jetty itself refuses (a bad request line, too long a header) is said as a problem, too. */
final class ProblemErrorHandler extends ErrorHandler {
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final String DOOR = "http";

    private final RefusalCounts refusals;

    /** @param refusals counts what is said here, too */
    ProblemErrorHandler(RefusalCounts refusals) {
        this.refusals = refusals;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        boolean noRoom = request.getAttribute(ERROR_EXCEPTION) instanceof ClientConnection.HeadsException;
        String reason = noRoom ? "heads" : reason(status);
        if (reason != null) {
            refusals.add(DOOR, reason);
        }
        Object message = request.getAttribute(ERROR_MESSAGE);
        boolean says = (status < 500 || noRoom) && message != null && !message.equals(HttpStatus.getMessage(status));
        Problem problem = new Problem(status, says ? message.toString() : ours(status));
        byte[] json = problem.json();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, Retry.after(RETRY).toSeconds());
        }
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put(HttpHeader.CONNECTION, "close"); // Jetty reads nothing more from it
        response.write(true, ByteBuffer.wrap(json), callback);
        return true;
    }

    /** Null for what failed, mostly because the client had gone: that is no refusal. */
    private static @Nullable String reason(int status) {
        return switch (status) {
            case HttpStatus.BAD_REQUEST_400 -> "malformed";
            case HttpStatus.URI_TOO_LONG_414, HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 -> "header-too-large";
            case HttpStatus.EXPECTATION_FAILED_417 -> "expect";
            case HttpStatus.SERVICE_UNAVAILABLE_503 -> "stopping";
            case HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505 -> "version";
            default -> status >= 500 ? null : "other";
        };
    }

    private static String ours(int status) {
        return switch (status) {
            case HttpStatus.SERVICE_UNAVAILABLE_503 -> "the gateway is stopping"; // said by GracefulHandler
            case HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505 -> "version: not one that is served (expected: HTTP/1.1)";
            case HttpStatus.EXPECTATION_FAILED_417 -> "Expect: not one that is met (expected: 100-continue, or none)";
            default ->
                status >= 500
                        ? "the gateway failed; its log says why"
                        : "request: not valid (expected: HTTP/1.1, RFC 9112)";
        };
    }
}
