package org.channelgateway.ejabberd;

import java.time.Duration;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has the requests of a session leave in the order of their rids (XEP-0124 §14.2), and a little apart. A client may send two at once, over
 * two connections. mod_bosh of ejabberd 23.01 sets one that comes too early aside, and looks at it only when the one before it is answered
 * with something: when that one is held, maybe never. Nothing depends on what is known here: a session that is not known, or that
 * another gateway served meanwhile, loses no more than this order. Thread-safe.
 */
public final class RequestOrder {
    /** What ejabberd may take to read a request, while another one comes over another connection. */
    static final Duration APART = Duration.ofMillis(20);

    /** How long a request waits for one that has not come. */
    static final Duration PATIENCE = Duration.ofMillis(50);

    /** How long a session is known after its last request. */
    static final Duration MEMORY = Duration.ofSeconds(5);

    /** What mod_bosh takes beyond the last rid: {@code hold} is at most 1. It ends a session that sends more. */
    private static final int WINDOW = 2;

    /** mod_bosh's own are 40 long. */
    private static final int LONGEST_SID = 64;

    private static final int MOST_SESSIONS = 200_000;

    private final LongSupplier ticker;
    private final Later later;
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
        /** When it left, or was over. */
        private long since;

        private boolean isOver;
        private final NavigableMap<Long, Runnable> waiting = new TreeMap<>();

        Line(long last, long now, boolean isOver) {
            left(last, now, isOver);
        }

        void left(long rid, long now, boolean over) {
            last = rid;
            since = now;
            isOver = over;
        }

        /** In nanoseconds; 0 or less for one that may leave. */
        long wait(long rid, long now) {
            if (rid <= last || rid > last + WINDOW) {
                return 0;
            }
            if (rid > last + 1) {
                return PATIENCE.toNanos();
            }
            return isOver ? 0 : since + APART.toNanos() - now;
        }

        boolean isForgotten(long now) {
            return waiting.isEmpty() && now - since > MEMORY.toNanos();
        }
    }

    /** @param ticker nano time */
    public RequestOrder(LongSupplier ticker, Later later) {
        this.ticker = ticker;
        this.later = later;
        this.swept = new AtomicLong(ticker.getAsLong());
    }

    /** Runs {@code send} at once, or a little later. */
    void enter(String sid, long rid, Runnable send) {
        if (!isKept(sid)) {
            send.run();
            return;
        }
        long now = ticker.getAsLong();
        long[] wait = {0};
        lines.compute(sid, (id, known) -> {
            if (known == null) {
                return new Line(rid, now, false);
            }
            wait[0] = known.wait(rid, now);
            if (wait[0] > 0) {
                known.waiting.merge(rid, send, RequestOrder::both); // a repeat
            } else if (rid > known.last) {
                known.left(rid, now, false);
            }
            return known;
        });
        if (wait[0] > 0) {
            later.after(Duration.ofNanos(wait[0]), () -> due(sid, rid));
        } else {
            send.run();
        }
    }

    private boolean isKept(String sid) {
        return sid.length() <= LONGEST_SID && lines.mappingCount() < MOST_SESSIONS;
    }

    private static Runnable both(Runnable first, Runnable second) {
        return () -> {
            first.run();
            second.run();
        };
    }

    /** A request has waited for the one before it, which has left by now, or did not come. */
    private void due(String sid, long rid) {
        long now = ticker.getAsLong();
        long[] wait = {0};
        @Nullable Runnable[] send = {null};
        lines.computeIfPresent(sid, (id, line) -> {
            wait[0] = rid == line.last + 1 ? line.wait(rid, now) : 0;
            if (wait[0] <= 0) {
                send[0] = line.waiting.remove(rid);
                if (send[0] != null && rid > line.last) {
                    line.left(rid, now, false);
                }
            }
            return line;
        });
        if (wait[0] > 0) {
            later.after(Duration.ofNanos(wait[0]), () -> due(sid, rid));
        } else if (send[0] != null) {
            send[0].run();
        }
    }

    /** A request has its answer, or needs none any more. */
    void over(String sid, long rid) {
        if (!isKept(sid)) {
            return;
        }
        long now = ticker.getAsLong();
        @Nullable Runnable[] send = {null};
        lines.compute(sid, (id, line) -> {
            if (line == null) {
                return new Line(rid, now, true);
            }
            if (rid != line.last) {
                return line;
            }
            line.left(rid, now, true);
            send[0] = line.waiting.remove(rid + 1);
            if (send[0] != null) {
                line.left(rid + 1, now, false);
            }
            return line;
        });
        if (send[0] != null) {
            send[0].run();
        }
    }

    /** Forgets those of which nothing came for a while. To be called now and then. */
    void tick() {
        long now = ticker.getAsLong();
        long last = swept.get();
        if (now - last < MEMORY.toNanos() || !swept.compareAndSet(last, now)) {
            return;
        }
        lines.keySet().forEach(sid -> lines.computeIfPresent(sid, (id, line) -> line.isForgotten(now) ? null : line));
    }

    /** How many sessions are known. */
    int count() {
        return lines.size();
    }
}
