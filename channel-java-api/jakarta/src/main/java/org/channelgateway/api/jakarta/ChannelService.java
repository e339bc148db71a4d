package org.channelgateway.api.jakarta;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/**
 * Creates channels, sends messages to their pages, and reads what the gateway posts to the application. Thread-safe.
 *
 * <p>A call that the gateway did not answer, or that it refused, is a {@link ChannelFailureException}.
 */
public interface ChannelService {
    /**
     * Creates a channel whose token is valid for two hours.
     *
     * @param clientId what messages will be sent to; 1 to 256 bytes in UTF-8
     * @return the token for the page: at most 128 characters of {@code [A-Za-z0-9_-]}
     * @throws IllegalArgumentException if the client id is too long
     * @throws ChannelFailureException if the client id is empty, or there is no answer
     */
    String createChannel(String clientId);

    /**
     * Creates a channel.
     *
     * @param clientId what messages will be sent to; 1 to 256 bytes in UTF-8
     * @param durationMinutes how long the token is valid: 1 to 1440
     * @return the token for the page: at most 128 characters of {@code [A-Za-z0-9_-]}
     * @throws IllegalArgumentException if the duration is out of these bounds, or the client id is too long
     * @throws ChannelFailureException if the client id is empty, or there is no answer
     */
    String createChannel(String clientId, int durationMinutes);

    /**
     * Sends a message to all pages that listen to a client id. That there are none is no error.
     *
     * @param message to a client id, or to a token of it; 1 to 32767 bytes in UTF-8
     * @throws IllegalArgumentException if the client id or the message is too long
     * @throws ChannelFailureException if one of them is empty, or there is no answer
     */
    void sendMessage(ChannelMessage message);

    /**
     * Reads a message that a page sent: a {@code POST} to {@code /_ah/channel/receive}.
     *
     * @param request with the form fields {@code key} and {@code msg}
     * @return the message and the client id of the page
     * @throws IllegalStateException if one of the two is missing
     */
    ChannelMessage parseMessage(HttpServletRequest request);

    /**
     * Reads that a page connected or is gone: a {@code POST} to {@code /_ah/channel/connected/} or
     * {@code /_ah/channel/disconnected/}.
     *
     * @param request whose body nobody has read: {@code multipart/form-data}, at most 64 KiB, with a part {@code from}
     * @return which of the two, and the client id
     * @throws IOException if the body cannot be read or is not multipart
     * @throws IllegalStateException if there is no body
     * @throws IllegalArgumentException if the path is another one, or there is no part {@code from}
     */
    ChannelPresence parsePresence(HttpServletRequest request) throws IOException;
}
