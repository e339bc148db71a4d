package org.channelgateway.api.jakarta;

/** A call that got no result: the gateway refused it, or did not answer. The cause says why. */
public final class ChannelFailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Without a cause.
     *
     * @param message what failed
     */
    public ChannelFailureException(String message) {
        super(message);
    }

    /**
     * With what happened.
     *
     * @param message what failed
     * @param cause why
     */
    public ChannelFailureException(String message, Throwable cause) {
        super(message, cause);
    }
}
