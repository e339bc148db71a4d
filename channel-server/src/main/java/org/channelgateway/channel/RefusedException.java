package org.channelgateway.channel;

/** A request that the service does not do, and why; nothing was changed. The doors say it in their own words. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of refusal it is. */
    public enum Kind {
        /** A value that is not allowed. */
        INVALID,
        /** A value that is too long to be taken. */
        TOO_LARGE,
        /** No such channel. */
        NOT_FOUND,
        /** Too much at once; later it may be done. */
        TOO_MANY
    }

    private final Kind kind;

    RefusedException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
