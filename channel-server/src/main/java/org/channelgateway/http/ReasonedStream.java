package org.channelgateway.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Sends a status with a reason phrase of its own, which Jetty's responses have no place for (RFC 9112 §4). */
final class ReasonedStream extends HttpStream.Wrapper {
    private final String reason;

    ReasonedStream(HttpStream stream, String reason) {
        super(stream);
        this.reason = reason;
    }

    @Override
    public void send(
            MetaData.Request request,
            MetaData.@Nullable Response response,
            boolean last,
            @Nullable ByteBuffer content,
            Callback callback) {
        super.send(request, response == null ? null : reasoned(response), last, content, callback);
    }

    private MetaData.Response reasoned(MetaData.Response response) {
        return new MetaData.Response(
                response.getStatus(),
                reason,
                response.getHttpVersion(),
                response.getHttpFields(),
                response.getContentLength(),
                response.getTrailersSupplier());
    }
}
