package org.channelgateway.limit;

import java.time.Duration;

/** There is no room for another client now. */
public final class FullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean ofAddress;
    private final String reason;
    private final transient Duration retryAfter;

    /**
     * @param ofAddress true when clients of other addresses still have room
     * @param reason one of a few fixed words, under which the door that says it counts it
     * @param retryAfter when there may be room
     */
    public FullException(String message, boolean ofAddress, String reason, Duration retryAfter) {
        super(message, null, false, false);
        this.ofAddress = ofAddress;
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    public boolean ofAddress() {
        return ofAddress;
    }

    public String reason() {
        return reason;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
