package org.channelgateway.bosh;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.stream.StreamError;
import org.jspecify.annotations.Nullable;

/**
 * Why sessions ended while no request of theirs was open: the next request is told, once. It keeps the reason and no
 * stanza, for as long as a session lives without a request, and of so many sessions. Thread-safe.
 */
final class EndedSessions {
    private static final int MAX = 10_000;

    private record Ended(
            BindingCondition condition, @Nullable StreamError error, long until) {}

    private final long keptNanos;
    private final ReentrantLock lock = new ReentrantLock();

    /** In the order of their ends: the first is forgotten first. */
    @GuardedBy("lock")
    private final Map<String, Ended> bySid = new LinkedHashMap<>();

    EndedSessions(long keptNanos) {
        this.keptNanos = keptNanos;
    }

    void add(Sid sid, BindingCondition condition, @Nullable StreamError error, long now) {
        lock.lock();
        try {
            if (bySid.size() >= MAX) {
                Iterator<Ended> ended = bySid.values().iterator();
                ended.next();
                ended.remove();
            }
            bySid.put(sid.value(), new Ended(condition, error, now + keptNanos));
        } finally {
            lock.unlock();
        }
    }

    /** The terminal body for a request of the session; null when there is no more to say than that it is not there. */
    byte @Nullable [] take(String sid) {
        Ended ended;
        lock.lock();
        try {
            ended = bySid.remove(sid);
        } finally {
            lock.unlock();
        }
        return ended == null ? null : BoshXml.terminate(ended.condition, ended.error, List.of());
    }

    void tick(long now) {
        lock.lock();
        try {
            Iterator<Ended> all = bySid.values().iterator();
            while (all.hasNext() && now - all.next().until >= 0) {
                all.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return bySid.size();
        } finally {
            lock.unlock();
        }
    }
}
