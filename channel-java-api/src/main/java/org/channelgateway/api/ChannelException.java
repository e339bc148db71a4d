package org.channelgateway.api;

import org.jspecify.annotations.Nullable;

/**
 * A request to the gateway that got no result, and which of four reasons it was. A value that no gateway would take is not
 * among them: that is an {@link IllegalArgumentException} before anything is sent.
 */
public abstract sealed class ChannelException extends RuntimeException
        permits OverloadedException, RefusedException, TimedOutException, UnreachableException {
    private static final long serialVersionUID = 1L;

    /** Whether the request may have been carried out. */
    private final boolean outcomeUnknown;

    ChannelException(String message, boolean outcomeUnknown, @Nullable Throwable cause) {
        super(message, cause);
        this.outcomeUnknown = outcomeUnknown;
    }

    /**
     * Whether the request may have been carried out although there is no result: it was written to the gateway, and no answer
     * came, or one that does not say what became of it ({@link RefusedException}). A publish of which this is true may be
     * repeated with its id, see {@link ChannelClient#sendMessage(String, String, String)}.
     *
     * @return false when nothing was done
     */
    public final boolean outcomeUnknown() {
        return outcomeUnknown;
    }

    /** The same, with the stack of the thread that waited. */
    abstract ChannelException rethrown();
}
