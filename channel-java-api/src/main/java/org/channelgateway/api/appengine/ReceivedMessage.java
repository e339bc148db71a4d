package org.channelgateway.api.appengine;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a page sent upstream: the form fields of a {@code POST} to {@code /_ah/channel/receive}.
 *
 * @param clientId that of the page's channel
 * @param message the text
 */
public record ReceivedMessage(String clientId, String message) {
    /**
     * Reads the fields {@code key} and {@code msg}.
     *
     * @param parameters the request's, by name
     * @return both
     * @throws IllegalStateException if one is missing
     */
    public static ReceivedMessage of(Function<String, @Nullable String> parameters) {
        String clientId = parameters.apply("key");
        String message = parameters.apply("msg");
        if (clientId == null) {
            throw new IllegalStateException("Client id parameter not found in HTTP request.");
        }
        if (message == null) {
            throw new IllegalStateException("Message parameter not found in HTTP request.");
        }
        return new ReceivedMessage(clientId, message);
    }
}
