package org.channelgateway.proxy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.http.ConnectionWatch;
import org.channelgateway.http.Passage;
import org.jspecify.annotations.Nullable;

/** Notices a client that goes away while its answer is due, until the answer ends. Thread-safe. */
final class ClientWatch {
    private final Passage passage;
    private final Runnable gone;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable ConnectionWatch watch;

    @GuardedBy("lock")
    private boolean over;

    ClientWatch(Passage passage, Runnable gone) {
        this.passage = passage;
        this.gone = gone;
    }

    /** To be called when the whole request was read. */
    void start() {
        ConnectionWatch started;
        lock.lock();
        try {
            if (over) {
                return;
            }
            started = passage.watch(gone);
            watch = started;
        } finally {
            lock.unlock();
        }
        if (started != null) {
            started.start();
        }
    }

    /** Ends it, and then does what ends the answer: not before, since only one may touch the connection. */
    void end(Runnable then) {
        ConnectionWatch ending;
        lock.lock();
        try {
            over = true;
            ending = watch;
        } finally {
            lock.unlock();
        }
        if (ending == null) {
            then.run();
        } else {
            ending.stop(then);
        }
    }
}
