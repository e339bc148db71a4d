package org.channelgateway.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What Jetty itself refuses (a bad request line, too long a header) is said as a problem, too. */
final class ProblemErrorHandler extends ErrorHandler {
    private static final String RETRY_SECONDS = "5";

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Object message = request.getAttribute(ERROR_MESSAGE);
        int status = response.getStatus();
        Problem problem = new Problem(status, message == null || status >= 500 ? ours(status) : message.toString());
        byte[] json = problem.json();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        if (status == 503) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_SECONDS);
        }
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.write(true, ByteBuffer.wrap(json), callback);
        return true;
    }

    private static String ours(int status) {
        if (status == 503) {
            return "the gateway is stopping"; // said by GracefulHandler
        }
        return status >= 500 ? "the gateway failed; its log says why" : "the request is not valid";
    }
}
