package org.channelgateway.ejabberd;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the requests of a session leave in the order of their rids (XEP-0124 §14.2), and a little apart. A client may send two at once, over
 * two connections. mod_bosh of ejabberd 23.01 sets one that comes too early aside, and looks at it only when the one before it is answered
 * with something: when that one is held, maybe never. Nothing depends on what is known here: a session that is not known, or that other
 * gateways serve as well, loses no more than this order. Thread-safe.
 */
public final class RequestOrder {
    private static final Logger LOG = LoggerFactory.getLogger(RequestOrder.class);

    /** What ejabberd may take to read a request, while another one comes over another connection. */
    static final Duration APART = Duration.ofMillis(20);

    /** How long a request waits for one that has not come. */
    static final Duration PATIENCE = Duration.ofMillis(50);

    /** How long a goodbye may go without an answer. */
    static final Duration GOODBYE = Duration.ofSeconds(1);

    /** What mod_bosh takes beyond the last rid: {@code hold} is at most 1. It ends a session that sends more. */
    private static final int WINDOW = 2;

    /** mod_bosh's own are 40 long. */
    private static final int LONGEST_SID = 64;

    private static final int MOST_SESSIONS = 200_000;

    private final LongSupplier ticker;
    private final Later later;
    private final long memoryNanos;
    private final ConcurrentHashMap<String, Line> lines = new ConcurrentHashMap<>();
    private final AtomicLong swept;

    /** What does something once, after a while. */
    public interface Later {
        void after(Duration pause, Runnable task);
    }

    /** Of one session. Guarded by its entry in the map. */
    private static final class Line {
        /** The greatest rid that has left. */
        private long last;
        /** When it left, or was answered. */
        private long since;

        private boolean isAnswered;
        /** One did not come that was waited for: other gateways serve the session, too. */
        private boolean isShared;
        /** By their rids; null while there are none. */
        private @Nullable Map<Long, Runnable> waiting;

        Line(long last, long now, boolean isAnswered) {
            left(last, now, isAnswered);
        }

        void left(long rid, long now, boolean answered) {
            last = rid;
            since = now;
            isAnswered = answered;
        }

        /** In nanoseconds; 0 or less for one that may leave. */
        long untilDue(long rid, long now) {
            if (rid <= last || rid > last + WINDOW) {
                return 0;
            }
            if (rid > last + 1) {
                return isShared ? 0 : PATIENCE.toNanos();
            }
            return isAnswered ? 0 : since + APART.toNanos() - now;
        }

        void await(long rid, Runnable send) {
            if (waiting == null) {
                waiting = new HashMap<>(2);
            }
            waiting.merge(rid, send, RequestOrder::both); // a repeat
        }

        @Nullable
        Runnable take(long rid) {
            Runnable taken = waiting == null ? null : waiting.remove(rid);
            if (waiting != null && waiting.isEmpty()) {
                waiting = null;
            }
            return taken;
        }

        boolean isForgotten(long now, long memoryNanos) {
            return waiting == null && now - since > memoryNanos;
        }
    }

    /**
     * @param ticker nano time
     * @param memory how long a session is known after its last request: longer than one is held
     */
    public RequestOrder(LongSupplier ticker, Later later, Duration memory) {
        this.ticker = ticker;
        this.later = later;
        this.memoryNanos = memory.toNanos();
        this.swept = new AtomicLong(ticker.getAsLong());
    }

    /** Runs {@code send} at once, or a little later. */
    void enter(String sid, long rid, Runnable send) {
        if (!isKept(sid)) {
            send.run();
            return;
        }
        long now = ticker.getAsLong();
        long[] untilDue = {0};
        lines.compute(sid, (id, known) -> {
            if (known == null) {
                return new Line(rid, now, false);
            }
            untilDue[0] = known.untilDue(rid, now);
            if (untilDue[0] > 0) {
                known.await(rid, send);
            } else if (rid > known.last) {
                known.left(rid, now, false);
            }
            return known;
        });
        if (untilDue[0] > 0) {
            later.after(Duration.ofNanos(untilDue[0]), () -> due(sid, rid));
        } else {
            send.run();
        }
    }

    private boolean isKept(String sid) {
        return sid.length() <= LONGEST_SID && lines.mappingCount() < MOST_SESSIONS;
    }

    private static Runnable both(Runnable first, Runnable second) {
        return () -> {
            run(first);
            run(second);
        };
    }

    /** One that fails keeps no other one from its outcome. */
    private static void run(@Nullable Runnable send) {
        try {
            if (send != null) {
                send.run();
            }
        } catch (RuntimeException e) {
            LOG.error("a request that waited was not sent", e);
        }
    }

    /** A request has waited for the one before it, which has left by now, or did not come. */
    private void due(String sid, long rid) {
        long now = ticker.getAsLong();
        long[] untilDue = {0};
        @Nullable Runnable[] send = {null};
        lines.computeIfPresent(sid, (id, line) -> {
            untilDue[0] = rid == line.last + 1 ? line.untilDue(rid, now) : 0;
            if (untilDue[0] <= 0) {
                send[0] = line.take(rid);
                if (send[0] != null && rid > line.last) {
                    line.isShared |= rid > line.last + 1;
                    line.left(rid, now, false);
                }
            }
            return line;
        });
        if (untilDue[0] > 0) {
            later.after(Duration.ofNanos(untilDue[0]), () -> due(sid, rid));
        } else {
            run(send[0]);
        }
    }

    /**
     * A request is over.
     *
     * @param isAnswered by ejabberd, which has read it then; one that is given up it may read yet
     */
    void over(String sid, long rid, boolean isAnswered) {
        if (!isKept(sid)) {
            return;
        }
        long now = ticker.getAsLong();
        @Nullable Runnable[] send = {null};
        lines.compute(sid, (id, line) -> {
            if (line == null) {
                return new Line(rid, now, isAnswered);
            }
            if (rid != line.last || !isAnswered) {
                return line;
            }
            line.left(rid, now, true);
            send[0] = line.take(rid + 1);
            if (send[0] != null) {
                line.left(rid + 1, now, false);
            }
            return line;
        });
        run(send[0]);
    }

    /** What is to be done when a goodbye that leaves now has no answer soon. */
    void afterGoodbye(Runnable task) {
        later.after(GOODBYE, task);
    }

    /** Forgets those of which nothing came for long. To be called now and then. */
    void tick() {
        long now = ticker.getAsLong();
        long last = swept.get();
        if (now - last < memoryNanos || !swept.compareAndSet(last, now)) {
            return;
        }
        lines.keySet()
                .forEach(sid ->
                        lines.computeIfPresent(sid, (id, line) -> line.isForgotten(now, memoryNanos) ? null : line));
    }

    /** How many sessions are known. */
    int count() {
        return lines.size();
    }
}
