package org.channelgateway.api.jakarta;

/** That a page connected or is gone. Immutable. */
public final class ChannelPresence {
    private final boolean isConnected;
    private final String clientId;

    ChannelPresence(boolean isConnected, String clientId) {
        this.isConnected = isConnected;
        this.clientId = clientId;
    }

    /**
     * Which of the two it is.
     *
     * @return whether the page connected
     */
    public boolean isConnected() {
        return isConnected;
    }

    /**
     * Whose page it is.
     *
     * @return the client id that the channel was created for
     */
    public String clientId() {
        return clientId;
    }
}
