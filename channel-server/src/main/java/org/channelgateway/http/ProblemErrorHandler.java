package org.channelgateway.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What Jetty itself refuses (a bad request line, too long a header) is said as a problem, too. */
final class ProblemErrorHandler extends ErrorHandler {
    private static final String RETRY_SECONDS = "5";

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        Object message = request.getAttribute(ERROR_MESSAGE);
        boolean says = status < 500 && message != null && !message.equals(HttpStatus.getMessage(status));
        Problem problem = new Problem(status, says ? message.toString() : ours(status));
        byte[] json = problem.json();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_SECONDS);
        }
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put(HttpHeader.CONNECTION, "close"); // Jetty reads nothing more from it
        response.write(true, ByteBuffer.wrap(json), callback);
        return true;
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
