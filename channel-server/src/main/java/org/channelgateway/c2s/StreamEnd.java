package org.channelgateway.c2s;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;

/** How far the end of a client's stream has come, and when its socket may be closed. Thread-safe. */
final class StreamEnd {
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean begun;

    @GuardedBy("lock")
    private boolean inputEnded;

    @GuardedBy("lock")
    private boolean outputEnded;

    @GuardedBy("lock")
    private boolean hurried;

    /** Nothing more is said but the last words. False when it had begun before. */
    boolean begin() {
        lock.lock();
        try {
            boolean first = !begun;
            begun = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    boolean hasBegun() {
        lock.lock();
        try {
            return begun;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The client is not waited for once it has been told that the stream is over.
     *
     * @return true when that is said, and the socket is to be closed
     */
    boolean hurry() {
        lock.lock();
        try {
            hurried = true;
            return outputEnded;
        } finally {
            lock.unlock();
        }
    }

    boolean isHurried() {
        lock.lock();
        try {
            return hurried;
        } finally {
            lock.unlock();
        }
    }

    /** The last words are with the client. True when the socket is to be closed; the client may read them first otherwise. */
    boolean outputEnded() {
        lock.lock();
        try {
            outputEnded = true;
            return inputEnded || hurried;
        } finally {
            lock.unlock();
        }
    }

    /** The client sends no more after the end of its stream. True when the socket is to be closed. */
    boolean inputEnded() {
        lock.lock();
        try {
            inputEnded = true;
            return outputEnded;
        } finally {
            lock.unlock();
        }
    }
}
