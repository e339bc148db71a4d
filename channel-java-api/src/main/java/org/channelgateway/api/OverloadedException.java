package org.channelgateway.api;

import org.jspecify.annotations.Nullable;

/**
 * The client holds as many waiting requests as it may ({@link ChannelConfig.Builder#maxWaitingCalls},
 * {@link ChannelConfig.Builder#maxWaitingBytes}) and took no more. Nothing was sent.
 */
public final class OverloadedException extends ChannelException {
    private static final long serialVersionUID = 1L;

    OverloadedException(String message, @Nullable Throwable cause) {
        super(message, false, cause);
    }

    @Override
    OverloadedException rethrown() {
        return new OverloadedException(String.valueOf(getMessage()), this);
    }
}
