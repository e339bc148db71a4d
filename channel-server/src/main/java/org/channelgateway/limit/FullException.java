package org.channelgateway.limit;

import java.time.Duration;

/** There is no room for another client now. */
public final class FullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean ofAddress;
    private final transient Duration retryAfter;

    /**
     * @param ofAddress true when clients of other addresses still have room
     * @param retryAfter when there may be room
     */
    public FullException(String message, boolean ofAddress, Duration retryAfter) {
        super(message, null, false, false);
        this.ofAddress = ofAddress;
        this.retryAfter = retryAfter;
    }

    public boolean ofAddress() {
        return ofAddress;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
