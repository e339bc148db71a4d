package org.channelgateway.api;

import org.jspecify.annotations.Nullable;

/**
 * There is no connection to the gateway: it could not be made, or it was lost and did not come back in time, or the client was
 * closed while the request waited. The causes say what failed: a {@link RefusedException} is among them when the last attempt to
 * connect again was refused.
 */
public final class UnreachableException extends ChannelException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message, boolean outcomeUnknown, @Nullable Throwable cause) {
        super(message, outcomeUnknown, cause);
    }

    @Override
    UnreachableException rethrown() {
        return new UnreachableException(String.valueOf(getMessage()), outcomeUnknown(), this);
    }
}
