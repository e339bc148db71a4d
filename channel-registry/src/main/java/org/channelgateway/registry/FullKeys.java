package org.channelgateway.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The keys that were found full in this second of the clock: to count 20,000 leases for each refusal would make one dearer than what it
 * refuses. Leases end at whole seconds, so until the next one such a key stays full, unless leases are removed. Thread-safe.
 *
 * <p>T1 counts the leases of a key while T2 removes some: T1 notes nothing, since there was a removal after it began to look.
 */
final class FullKeys {
    private static final int MOST_KEYS = 1000;

    private final InstantSource time;
    private final ReentrantLock lock = new ReentrantLock();

    /** How many leases the application had when the key was found full. */
    @GuardedBy("lock")
    private final Map<CountedKeys.Key, Long> full = new HashMap<>();

    @GuardedBy("lock")
    private long second;

    @GuardedBy("lock")
    private long removals;

    FullKeys(InstantSource time) {
        this.time = time;
    }

    boolean contains(String app, ChannelKey key) {
        lock.lock();
        try {
            forgetOld();
            return full.containsKey(new CountedKeys.Key(app, key));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forgets the key when its application has fewer leases than it had: another gateway may have removed some of this key. Returns
     * whether it is known to be full still.
     */
    boolean stillContains(String app, ChannelKey key, long ofApp) {
        lock.lock();
        try {
            forgetOld();
            CountedKeys.Key known = new CountedKeys.Key(app, key);
            Long before = full.get(known);
            if (before != null && ofApp < before) {
                full.remove(known);
                return false;
            }
            return before != null;
        } finally {
            lock.unlock();
        }
    }

    /** To be asked before the leases of a key are counted, for {@link #add}. */
    long removals() {
        lock.lock();
        try {
            return removals;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The key was found full.
     *
     * @param ofApp how many leases its application had then
     * @param removalsBefore what {@link #removals} was before
     */
    void add(String app, ChannelKey key, long ofApp, long removalsBefore) {
        lock.lock();
        try {
            forgetOld();
            if (removals == removalsBefore) {
                if (full.size() >= MOST_KEYS) {
                    full.clear(); // they are counted once more
                }
                full.put(new CountedKeys.Key(app, key), ofApp);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Leases have been removed. */
    void removed(List<Lease> leases) {
        if (leases.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            removals++;
            for (Lease lease : leases) {
                full.remove(new CountedKeys.Key(lease.app(), lease.key()));
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void forgetOld() {
        long now = time.instant().getEpochSecond();
        if (now != second) {
            full.clear();
            second = now;
        }
    }
}
