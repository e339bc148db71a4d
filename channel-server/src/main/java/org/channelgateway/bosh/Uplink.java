package org.channelgateway.bosh;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one session's requests to the application: each in its turn, by one thread at a time, and nothing after the
 * end. Thread-safe; shares the lock of its session and calls the application without it.
 */
final class Uplink {
    private static final Logger LOG = LoggerFactory.getLogger(Uplink.class);

    private final Sid sid;
    private final ReentrantLock lock;

    /** A thread is handing stanzas up; others leave their requests to it. */
    @GuardedBy("lock")
    private boolean draining;

    @GuardedBy("lock")
    private boolean over;

    /** Null until the application has opened it. */
    @GuardedBy("lock")
    private StreamApplication.@Nullable Stream stream;

    @GuardedBy("lock")
    private boolean streamClosed;

    /** @param lock that of the session */
    Uplink(Sid sid, ReentrantLock lock) {
        this.sid = sid;
        this.lock = lock;
    }

    void open(StreamApplication.Stream opened) {
        lock.lock();
        try {
            stream = opened;
        } finally {
            lock.unlock();
        }
        close(); // it may have been ended meanwhile
    }

    /** Makes the calling thread the one that hands up; false when there is one. */
    boolean claim() {
        lock.lock();
        try {
            boolean free = !draining;
            draining = true;
            return free;
        } finally {
            lock.unlock();
        }
    }

    boolean isBusy() {
        lock.lock();
        try {
            return draining;
        } finally {
            lock.unlock();
        }
    }

    boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    /** Hands up nothing more; {@link #close} is next. */
    void end() {
        lock.lock();
        try {
            over = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands up request after request, by the thread that has claimed it.
     *
     * @param next the request whose turn it is, called under the lock; null when there is none
     * @param done takes a request whose stanzas have been handed up
     * @param failed ends the session: the application could not handle a stanza
     */
    void drain(Supplier<@Nullable HeldRequest> next, Consumer<HeldRequest> done, Runnable failed) {
        while (true) {
            HeldRequest request;
            List<XmlElement> stanzas;
            StreamApplication.Stream up;
            lock.lock();
            try {
                up = stream;
                request = over || up == null ? null : next.get();
                draining = request != null;
                stanzas = request == null ? List.of() : request.takeStanzas();
            } finally {
                lock.unlock();
            }
            if (request == null || up == null) {
                close();
                return;
            }
            handUp(request.request(), stanzas, up, failed);
            done.accept(request);
        }
    }

    private void handUp(BoshRequest request, List<XmlElement> stanzas, StreamApplication.Stream up, Runnable failed) {
        try {
            if (request.restart()) {
                up.restarted();
            }
            try {
                stanzas.forEach(up::received);
            } finally {
                up.batchEnded();
            }
            if (request.terminate()) {
                up.ending();
            }
        } catch (RuntimeException | Error e) { // not handed on: the session would never end
            LOG.error("session {}: a stanza could not be handled", sid, e);
            failed.run();
        }
    }

    /** Tells the application once, and never while another thread hands it a stanza: that thread does it then. */
    void close() {
        StreamApplication.Stream up;
        lock.lock();
        try {
            if (!over || draining || streamClosed || stream == null) {
                return;
            }
            streamClosed = true;
            up = stream;
        } finally {
            lock.unlock();
        }
        try {
            up.closed();
        } catch (RuntimeException e) { // the session is over all the same, and the caller may have others to end
            LOG.error("session {}: its end could not be handled", sid, e);
        }
    }
}
