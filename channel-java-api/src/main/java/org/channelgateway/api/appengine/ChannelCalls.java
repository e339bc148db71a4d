package org.channelgateway.api.appengine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.ChannelException;
import org.channelgateway.api.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Creating channels and sending messages as App Engine's SDK does it, over the {@link SharedClient}. Thread-safe.
 *
 * <p>What App Engine's service refused, such as an empty client id, fails with "An unexpected error occurred."; what kept it
 * from answering fails with "An internal channel error occured." (sic). The cause says more.
 */
public final class ChannelCalls {
    private static final int MAX_CLIENT_ID_BYTES = 256;
    private static final int MAX_MESSAGE_BYTES = 32_767;
    private static final int MAX_MINUTES = 1440;

    private static final String BAD_CLIENT_ID =
            "Invalid client ID. The clientid must be fewer than 256 bytes when encoded to UTF-8.";
    private static final String BAD_MESSAGE = "The message must be fewer than 32767 bytes when encoded to UTF-8.";
    private static final String BAD_DURATION =
            "The channel token duration must be greater than 0 and less than 24 * 60.";
    private static final String UNEXPECTED = "An unexpected error occurred.";
    private static final String INTERNAL = "An internal channel error occured.";

    /** The exception of a flavour. */
    @FunctionalInterface
    public interface Failure {
        /**
         * Makes one.
         *
         * @param message the SDK's text
         * @param cause what happened
         * @return to be thrown
         */
        RuntimeException of(String message, Throwable cause);
    }

    private final SharedClient shared;
    private final Failure failure;

    /**
     * Calls over the client that all of this class loader share.
     *
     * @param failure how the flavour tells that a call failed
     */
    public ChannelCalls(Failure failure) {
        this(SharedClient.get(), failure);
    }

    ChannelCalls(SharedClient shared, Failure failure) {
        this.shared = shared;
        this.failure = failure;
    }

    /**
     * Makes a channel whose token is valid for two hours.
     *
     * @param clientId 1 to 256 bytes in UTF-8
     * @return the token
     */
    public String createChannel(String clientId) {
        return create(clientId, null);
    }

    /**
     * Makes a channel.
     *
     * @param clientId 1 to 256 bytes in UTF-8
     * @param durationMinutes how long the token is valid, 1 to 1440; checked before the client id
     * @return the token
     */
    public String createChannel(String clientId, int durationMinutes) {
        return create(clientId, durationMinutes);
    }

    private String create(String clientId, @Nullable Integer minutes) {
        String key = wellFormed(Objects.requireNonNull(clientId, "clientId"));
        if (minutes != null && (minutes < 1 || minutes > MAX_MINUTES)) {
            throw new IllegalArgumentException(BAD_DURATION);
        }
        check(key, MAX_CLIENT_ID_BYTES, BAD_CLIENT_ID);
        return call(client ->
                minutes == null ? client.createChannel(key) : client.createChannel(key, Duration.ofMinutes(minutes)));
    }

    /**
     * Sends a message to every page that listens. That nobody does is no error.
     *
     * @param clientId the client id, or a token of it
     * @param message 1 to 32767 bytes in UTF-8; checked after the client id
     */
    public void sendMessage(String clientId, String message) {
        String key = wellFormed(Objects.requireNonNull(clientId, "clientId"));
        String text = wellFormed(Objects.requireNonNull(message, "message"));
        check(key, MAX_CLIENT_ID_BYTES, BAD_CLIENT_ID);
        check(text, MAX_MESSAGE_BYTES, BAD_MESSAGE);
        call(client -> client.sendMessage(key, text));
    }

    /** Half a surrogate pair has no UTF-8: it became a question mark on its way to App Engine, too. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static void check(String text, int maxBytes, String refusal) {
        if (text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw new IllegalArgumentException(refusal);
        }
    }

    private <T> T call(Function<ChannelClient, T> request) {
        try {
            return shared.call(request);
        } catch (NoClientException e) {
            throw failure.of(INTERNAL, e.getCause());
        } catch (IllegalArgumentException e) { // what no gateway takes
            throw failure.of(UNEXPECTED, e);
        } catch (RefusedException e) {
            throw failure.of(e.condition().equals("bad-request") ? UNEXPECTED : INTERNAL, e);
        } catch (ChannelException | IllegalStateException e) { // the latter of a client that was closed meanwhile
            throw failure.of(INTERNAL, e);
        }
    }
}
