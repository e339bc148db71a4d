package org.channelgateway.c2s;

import java.time.Duration;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;

/** What time a connection has left, and the ping that asks a silent client for life (XEP-0199). Thread-safe. */
final class Timing {
    /** What is to be done. */
    enum Due {
        NOTHING,
        /** Ask whether the client is still there. */
        PING,
        /** It did not log in in time. */
        LOGIN_OVER,
        /** It was silent for too long. */
        SILENT,
        /** A stanza has begun, and does not end. */
        SLOW_STANZA,
        /** The stream has ended, and the client had its time to read why. */
        CLOSE
    }

    /** How long a client may take to read the end of its stream, and to close. */
    private static final long CLOSE_NANOS = 2_000_000_000L;

    /** How long a stanza may take from its begin to its end. */
    static final Duration STANZA = Duration.ofSeconds(60);

    private static final String PING_ID = "ping-";

    private final long loginNanos;
    private final long idleNanos;
    private final long accepted;
    private volatile long heard;
    private volatile boolean loggedIn;
    private volatile boolean ended;
    private volatile long endedAt;
    /** True while a stanza has begun and not ended. */
    private volatile boolean begun;
    /** When that began. */
    private volatile long begunAt;
    /** True when the silence since {@link #heard} has been asked about. */
    private volatile boolean asked;
    /** The id of the last ping that was not answered; null without one. */
    private volatile @Nullable String awaited;
    /** Confined to the thread that keeps the time. */
    private int pings;

    Timing(C2sConfig config, long now) {
        loginNanos = config.loginTime().toNanos();
        idleNanos = config.idle().toNanos();
        accepted = now;
        heard = now;
    }

    void loggedIn() {
        loggedIn = true;
    }

    /** Bytes came: any count as life. */
    void heard(long now) {
        heard = now;
        asked = false;
    }

    /** A part of a stanza is there, or more of the same. */
    void begun(long now) {
        if (!begun) {
            begunAt = now;
            begun = true;
        }
    }

    /** A stanza is complete; false when it came whole. */
    boolean complete() {
        boolean was = begun;
        begun = false;
        return was;
    }

    /** The client could not go on with what it has begun. */
    void beginAgain(long now) {
        begunAt = now;
    }

    void ended(long now) {
        endedAt = now;
        ended = true;
    }

    Due due(long now) {
        if (ended) {
            return now - endedAt >= CLOSE_NANOS ? Due.CLOSE : Due.NOTHING;
        }
        if (!loggedIn) {
            return now - accepted >= loginNanos ? Due.LOGIN_OVER : Due.NOTHING;
        }
        if (begun && now - begunAt >= STANZA.toNanos()) {
            return Due.SLOW_STANZA;
        }
        long silent = now - heard;
        if (silent >= idleNanos) {
            return Due.SILENT;
        }
        return silent >= idleNanos / 2 && !asked ? Due.PING : Due.NOTHING;
    }

    /** The id of the next ping. */
    String ping() {
        pings++;
        String id = PING_ID + pings;
        awaited = id;
        asked = true;
        return id;
    }

    /** True for the answer to a ping, which is for nobody else. */
    boolean isAnswer(XmlElement stanza) {
        String id = awaited;
        String type = stanza.attribute("type");
        if (id == null
                || !id.equals(stanza.attribute("id"))
                || !stanza.name().equals("iq")
                || !("result".equals(type) || "error".equals(type))) {
            return false;
        }
        awaited = null;
        return true;
    }
}
