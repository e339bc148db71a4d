package org.channelgateway.ejabberd;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The requests whose session's lease may end while they are held, in the order of these ends. One whose lease lasts longer is not here,
 * and costs nothing. Thread-safe.
 */
final class LeaseEnds {
    private final InstantSource time;
    private final long holdSeconds;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentSkipListMap<End, Runnable> held = new ConcurrentSkipListMap<>();

    /**
     * When a request has to end.
     *
     * @param expiry in epoch seconds
     * @param number another one for each
     */
    record End(long expiry, long number) implements Comparable<End> {
        @Override
        public int compareTo(End other) {
            int byExpiry = Long.compare(expiry, other.expiry);
            return byExpiry == 0 ? Long.compare(number, other.number) : byExpiry;
        }
    }

    /** @param holdTime longest time that a request is held */
    LeaseEnds(InstantSource time, Duration holdTime) {
        this.time = time;
        this.holdSeconds = holdTime.toSeconds() + 1;
    }

    /** True when a lease is over. */
    boolean isOver(long expiry) {
        return now() >= expiry;
    }

    private long now() {
        return time.instant().getEpochSecond();
    }

    /**
     * Runs {@code over} at {@code expiry}; null when the request will not be held for so long, and otherwise to be given back to
     * {@link #forget}.
     */
    @Nullable
    End add(long expiry, Runnable over) {
        if (expiry - now() > holdSeconds) {
            return null;
        }
        End end = new End(expiry, numbers.incrementAndGet());
        held.put(end, over);
        return end;
    }

    /** A request is over. */
    void forget(End end) {
        Runnable unused = held.remove(end);
    }

    /** Ends those whose time has come. */
    void tick() {
        Map.Entry<End, Runnable> next = held.firstEntry();
        if (next == null) {
            return;
        }
        long now = now();
        while (next != null && next.getKey().expiry <= now) {
            forget(next.getKey());
            next.getValue().run();
            next = held.firstEntry();
        }
    }

    /** How many there are. */
    int count() {
        return held.size();
    }
}
