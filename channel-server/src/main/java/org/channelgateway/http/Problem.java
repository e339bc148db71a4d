package org.channelgateway.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * An error as its sender reads it (RFC 9457).
 *
 * @param detail names the field, the value and what was expected
 * @param retryAfter when to try again; null when trying again does not help
 * @param reason the word under which it is counted; null for that of its status
 */
public record Problem(
        int status,
        String detail,
        @Nullable Duration retryAfter,
        @Nullable String reason) {
    static final String CONTENT_TYPE = "application/problem+json";

    public Problem(int status, String detail) {
        this(status, detail, null, null);
    }

    public Problem(int status, String detail, Duration retryAfter) {
        this(status, detail, retryAfter, null);
    }

    byte[] json() {
        JsonStringEncoder encoder = JsonStringEncoder.getInstance();
        String json = "{\"status\":" + status + ",\"title\":\"" + HttpStatus.getMessage(status) + "\",\"detail\":\""
                + new String(encoder.quoteAsString(detail)) + "\"}";
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
