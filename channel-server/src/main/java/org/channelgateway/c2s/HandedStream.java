package org.channelgateway.c2s;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.stream.StreamApplication;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application's side of a connection: stanzas are handed to it by one thread at a time, and it learns of the end
 * once, from whichever thread ends the stream, but never while another thread hands it a stanza: that one does it then.
 */
final class HandedStream {
    private static final Logger LOG = LoggerFactory.getLogger(HandedStream.class);

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean busy;

    @GuardedBy("lock")
    private boolean over;

    @GuardedBy("lock")
    private boolean closed;

    /** Null until the application has opened it. */
    @GuardedBy("lock")
    private StreamApplication.@Nullable Stream stream;

    /** What is done when the thread that hands up stanzas leaves; null unless something is. */
    @GuardedBy("lock")
    private @Nullable Runnable then;

    /** This thread hands up stanzas until {@link #leave}. */
    void enter() {
        lock.lock();
        try {
            busy = true;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        Runnable step;
        lock.lock();
        try {
            busy = false;
            step = then;
            then = null;
        } finally {
            lock.unlock();
        }
        if (step != null) {
            step.run();
        }
        closeIfOver();
    }

    /** Runs {@code step} when no stanza is in hand: now, or by the thread that hands them up. */
    void betweenStanzas(Runnable step) {
        lock.lock();
        try {
            if (busy) {
                then = step;
                return;
            }
        } finally {
            lock.unlock();
        }
        step.run();
    }

    /** Null until {@link #opened}. */
    StreamApplication.@Nullable Stream get() {
        lock.lock();
        try {
            return stream;
        } finally {
            lock.unlock();
        }
    }

    void opened(StreamApplication.Stream opened) {
        lock.lock();
        try {
            stream = opened;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            over = true;
        } finally {
            lock.unlock();
        }
        closeIfOver();
    }

    private void closeIfOver() {
        StreamApplication.Stream up;
        lock.lock();
        try {
            if (!over || busy || closed || stream == null) {
                return;
            }
            closed = true;
            up = stream;
        } finally {
            lock.unlock();
        }
        try {
            up.closed();
        } catch (RuntimeException e) { // it is over all the same, and the caller may have others to end
            LOG.error("the end of a stream could not be handled", e);
        }
    }
}
