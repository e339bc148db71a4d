package org.channelgateway.bosh;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sids of sessions that ended because their browser did not read: its next request is told so. The oldest are forgotten, and
 * then a session is as one that never was. Thread-safe.
 */
final class SlowSids {
    private static final int MOST = 1000;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Set<String> sids = new LinkedHashSet<>();

    void add(Sid sid) {
        lock.lock();
        try {
            if (sids.size() == MOST) {
                sids.remove(sids.iterator().next());
            }
            sids.add(sid.value());
        } finally {
            lock.unlock();
        }
    }

    boolean contains(String sid) {
        lock.lock();
        try {
            return sids.contains(sid);
        } finally {
            lock.unlock();
        }
    }
}
