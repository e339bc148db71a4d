package org.channelgateway.channel;

import java.time.Duration;
import java.util.Locale;

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
        TOO_MANY,
        /** The gateway has too much to do for everyone; later it may be done. */
        OVERLOADED,
        /** Not by this gateway, which stops. */
        STOPPING,
        /** Not now: what it is done with cannot be reached. It may be half done. */
        UNREACHABLE
    }

    private final Kind kind;
    private final transient Duration retryAfter;
    private final String reason;

    RefusedException(Kind kind, String message) {
        this(kind, message, Duration.ZERO);
    }

    /** @param retryAfter when it may be done */
    RefusedException(Kind kind, String message, Duration retryAfter) {
        this(kind, message, retryAfter, kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /**
     * @param retryAfter when it may be done
     * @param reason one of a few fixed words, under which it is counted
     */
    RefusedException(Kind kind, String message, Duration retryAfter, String reason) {
        super(message, null, false, false);
        this.reason = reason;
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** Somebody who has too much to do. */
    public static RefusedException overloaded(String message, Duration retryAfter) {
        return new RefusedException(Kind.OVERLOADED, message, retryAfter);
    }

    /** Somebody who needs what cannot be reached. */
    public static RefusedException unreachable(String message, Duration retryAfter) {
        return new RefusedException(Kind.UNREACHABLE, message, retryAfter);
    }

    /** Somebody whose token has as many sessions as it may have. */
    public static RefusedException tooManySessions(int most, Duration retryAfter) {
        return new RefusedException(
                Kind.TOO_MANY,
                "sessions: " + most + " of this token already (expected: fewer)",
                retryAfter,
                "sessions-of-token");
    }

    /** When a refusal of the kind {@code TOO_MANY}, {@code OVERLOADED}, {@code STOPPING} or {@code UNREACHABLE} is over. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** The word under which the door that says it counts it. */
    public String reason() {
        return reason;
    }

    public Kind kind() {
        return kind;
    }
}
