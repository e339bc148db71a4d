package org.channelgateway.c2s;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.limit.Backlog;

/** The heap that one client's stanza takes which has begun and not ended, as part of what all of them take. Thread-safe. */
final class Begun implements Backlog.Reader {
    private final Runnable end;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Backlog all;

    @GuardedBy("lock")
    private int bytes;

    @GuardedBy("lock")
    private boolean over;

    /**
     * @param all what has begun to come from all clients
     * @param end ends the client, because that is too much
     */
    Begun(Backlog all, Runnable end) {
        this.all = all;
        this.end = end;
    }

    /** So much is there now; 0 when no stanza has begun. Ends the client when there is no room for more of it. */
    void set(int now) {
        boolean isTooMuch;
        lock.lock();
        try {
            if (over || now == bytes) {
                return;
            }
            all.add(now - bytes);
            isTooMuch = now > bytes && all.isFull();
            bytes = now;
        } finally {
            lock.unlock();
        }
        if (isTooMuch) {
            end.run();
        }
    }

    /** It has logged in, and is counted with others. */
    void moveTo(Backlog others) {
        lock.lock();
        try {
            all.add(-bytes);
            others.add(bytes);
            all = others;
        } finally {
            lock.unlock();
        }
    }

    /** The client is over: nothing is counted any more. */
    void forget() {
        lock.lock();
        try {
            over = true;
            all.add(-bytes);
            bytes = 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int waitingBytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void endSlow() {
        end.run();
    }
}
