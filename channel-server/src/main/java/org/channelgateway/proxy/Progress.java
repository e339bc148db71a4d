package org.channelgateway.proxy;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How far a request has come, and whether it stands there for too long. Thread-safe. */
final class Progress {
    enum Phase {
        CONNECTING,
        /** Waits for 100 before the body. */
        EXPECTING,
        BODY,
        WAITING,
        ANSWERING,
        /** The answer is written, and the body still comes. */
        REST
    }

    /** How long the application may leave a client waiting for its 100 (RFC 9110 §10.1.1). */
    private static final Duration CONTINUE = Duration.ofSeconds(1);
    /** How long a body may stand still. */
    static final Duration STILL = Duration.ofSeconds(60);
    /** How long an answer that began may say nothing, as an event stream does. */
    private static final Duration QUIET = Duration.ofHours(1);
    /** How long the rest of a body that nobody wants is thrown away. */
    private static final Duration REST = Duration.ofSeconds(5);

    private final LongSupplier ticker;
    /** How long the application may take to begin its answer. */
    private final Duration patience;

    private volatile Phase phase = Phase.CONNECTING;
    private volatile long since;

    Progress(LongSupplier ticker, Duration patience) {
        this.ticker = ticker;
        this.patience = patience;
        touch();
    }

    /** Something moved. */
    void touch() {
        since = ticker.getAsLong();
    }

    void enter(Phase next) {
        touch();
        phase = next;
    }

    Phase phase() {
        return phase;
    }

    boolean isLate(long now) {
        Duration most = switch (phase) {
            case CONNECTING, WAITING -> patience;
            case EXPECTING -> CONTINUE;
            case BODY -> STILL;
            case ANSWERING -> QUIET;
            case REST -> REST;
        };
        return now - since >= most.toNanos();
    }
}
