package org.channelgateway.api.jakarta;

/** A message and whose it is: to whom it goes, or from whom it came. Immutable; nothing is checked. */
public final class ChannelMessage {
    private final String clientId;
    private final String message;

    /**
     * What {@link ChannelService#sendMessage} sends.
     *
     * @param clientId a client id, or a token of it
     * @param message the text
     */
    public ChannelMessage(String clientId, String message) {
        this.clientId = clientId;
        this.message = message;
    }

    /**
     * Whose it is.
     *
     * @return the client id, or the token, as it was given
     */
    public String getClientId() {
        return clientId;
    }

    /**
     * What it says.
     *
     * @return the text
     */
    public String getMessage() {
        return message;
    }
}
