package org.channelgateway.limit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets so many threads at once do something; what comes beyond waits in line without a thread, and is done by one of them. So
 * the other threads stay free for what else there is to do. Thread-safe.
 */
public final class Line {
    /** How many threads at once make sessions, when nothing else is said. */
    public static final int DEFAULT_AT_ONCE = 8;

    /** How many wait for each of those. */
    private static final int WAITING_EACH = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Line.class);

    private final int atOnce;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private int running;

    public Line(int atOnce) {
        this.atOnce = atOnce;
    }

    /** Does {@code task} now, or leaves it to another thread; false when the line is too long. */
    public boolean run(Runnable task) {
        lock.lock();
        try {
            if (running == atOnce) {
                return waiting.size() < atOnce * WAITING_EACH && waiting.add(task);
            }
            running++;
        } finally {
            lock.unlock();
        }
        Runnable next = task;
        while (next != null) {
            perform(next);
            next = next();
        }
        return true;
    }

    private static void perform(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) { // those in line have their turn, too
            LOG.error("something in line failed", e);
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            Runnable next = waiting.poll();
            if (next == null) {
                running--;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }
}
