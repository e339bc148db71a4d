package org.channelgateway.c2s;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** All connections of a server. Thread-safe. */
final class Connections {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition empty = lock.newCondition();

    @GuardedBy("lock")
    private final Set<C2sConnection> all = new HashSet<>();

    void add(C2sConnection connection) {
        lock.lock();
        try {
            all.add(connection);
        } finally {
            lock.unlock();
        }
    }

    void remove(C2sConnection connection) {
        lock.lock();
        try {
            all.remove(connection);
            if (all.isEmpty()) {
                empty.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return all.size();
        } finally {
            lock.unlock();
        }
    }

    List<C2sConnection> all() {
        lock.lock();
        try {
            return List.copyOf(all);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is none, at most so long; false when there still are some. */
    boolean awaitNone(Duration limit) {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (!all.isEmpty() && left > 0) {
                left = empty.awaitNanos(left);
            }
            return all.isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
