package org.channelgateway.api;

import org.jspecify.annotations.Nullable;

/**
 * The gateway is connected, but no answer came in the time that a request has ({@link ChannelConfig.Builder#timeout}), or the
 * thread that waited for it was interrupted.
 */
public final class TimedOutException extends ChannelException {
    private static final long serialVersionUID = 1L;

    TimedOutException(String message, boolean outcomeUnknown, @Nullable Throwable cause) {
        super(message, outcomeUnknown, cause);
    }

    @Override
    TimedOutException rethrown() {
        return new TimedOutException(String.valueOf(getMessage()), outcomeUnknown(), this);
    }
}
