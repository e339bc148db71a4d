package org.channelgateway.api.appengine;

/** There is no connection to make a call with; the cause says why. */
final class NoClientException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The same as the cause, which is always there. */
    private final RuntimeException reason;

    NoClientException(RuntimeException reason) {
        super(reason);
        this.reason = reason;
    }

    @Override
    public synchronized RuntimeException getCause() {
        return reason;
    }
}
