package org.channelgateway.c2s;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.limit.Backlog;
import org.channelgateway.stats.SessionLoad;
import org.channelgateway.xml.EncodedStanza;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * The write side of a connection: a bounded queue that whoever finds the socket free writes from. Thread-safe, never
 * blocks: decided under the lock, written after it.
 */
final class StreamWriter extends IteratingCallback {
    /** While more waits to be written, nothing more is read from that client. */
    static final int CONGESTED_BYTES = 64 * 1024;

    /** What a connection is told, by the thread that wrote and under no lock. */
    interface Owner {
        /** It was {@link StreamWriter#park parked}, and can read on. */
        void drained();

        /** All has been written after {@link StreamWriter#end}. */
        void flushed();

        void writeFailed(Throwable cause);
    }

    /** What became of a stanza. */
    enum Offer {
        TAKEN,
        /** There was no room for it. */
        FULL,
        /** The stream is over. */
        OVER
    }

    private final Owner owner;
    private final int congestedStanzas;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final OutgoingQueue queue;

    @GuardedBy("lock")
    private EndPoint endPoint;

    @GuardedBy("lock")
    private boolean parked;

    @GuardedBy("lock")
    private boolean ending;

    /** What is done once all has been written; null unless something is. */
    @GuardedBy("lock")
    private @Nullable Runnable then;

    /** @param backlog what waits for all clients together */
    StreamWriter(EndPoint endPoint, C2sConfig config, Backlog backlog, Owner owner) {
        this.endPoint = endPoint;
        this.owner = owner;
        this.congestedStanzas = config.maxQueuedStanzas() / 2;
        this.queue = new OutgoingQueue(config.maxQueuedStanzas(), config.maxQueuedBytes(), backlog);
    }

    /** Takes a stanza when there is room; to be followed by {@link #iterate}. */
    Offer offer(EncodedStanza stanza) {
        lock.lock();
        try {
            if (ending) {
                return Offer.OVER;
            }
            if (!queue.hasRoomFor(stanza.length())) {
                return Offer.FULL;
            }
            queue.add(stanza);
            return Offer.TAKEN;
        } finally {
            lock.unlock();
        }
    }

    /** Takes what the transport itself says, beyond the bound; to be followed by {@link #iterate}. */
    void append(byte[] words) {
        lock.lock();
        try {
            if (!ending) {
                queue.add(words);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes the last bytes before another end point; {@code step} is run when they have been written. */
    void endPart(byte[] last, Runnable step) {
        lock.lock();
        try {
            if (ending) {
                return;
            }
            queue.add(last);
            then = step;
        } finally {
            lock.unlock();
        }
    }

    /** Writes to another end point from now on; nothing may be under way. */
    void endPoint(EndPoint next) {
        lock.lock();
        try {
            endPoint = next;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the last bytes, and no more; to be followed by {@link #iterate}.
     *
     * @param dropWaiting true to leave out what still waits
     */
    void end(byte[] last, boolean dropWaiting) {
        boolean wasParked;
        lock.lock();
        try {
            if (dropWaiting) {
                queue.drop();
            }
            if (!ending) {
                queue.stopCounting();
                queue.add(last);
                then = owner::flushed;
            }
            ending = true;
            wasParked = parked;
            parked = false;
        } finally {
            lock.unlock();
        }
        if (wasParked) {
            owner.drained();
        }
    }

    /** How many bytes are not written yet. */
    int waitingBytes() {
        lock.lock();
        try {
            return queue.bytes();
        } finally {
            lock.unlock();
        }
    }

    /** What waits, of one connection. */
    SessionLoad load() {
        lock.lock();
        try {
            return new SessionLoad(1, 0, 0, queue.stanzas(), queue.bytes());
        } finally {
            lock.unlock();
        }
    }

    /** True while nothing is read of the client until it has caught up. */
    boolean isParked() {
        lock.lock();
        try {
            return parked;
        } finally {
            lock.unlock();
        }
    }

    /** True while half of what may wait does. */
    boolean isBehind() {
        lock.lock();
        try {
            return !ending && queue.isHalfFull();
        } finally {
            lock.unlock();
        }
    }

    boolean isCongested() {
        lock.lock();
        try {
            return isCongestedNow();
        } finally {
            lock.unlock();
        }
    }

    /** False when the client reads fast enough; otherwise {@link Owner#drained} is called once it has caught up. */
    boolean park() {
        lock.lock();
        try {
            parked = isCongestedNow();
            return parked;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private boolean isCongestedNow() {
        return !ending && (queue.bytes() > CONGESTED_BYTES || queue.stanzas() > congestedStanzas);
    }

    @Override
    protected Action process() {
        ByteBuffer[] batch;
        EndPoint to;
        List<EncodedStanza> written;
        boolean drained;
        Runnable step = null;
        lock.lock();
        try {
            written = queue.written(); // what was taken before: this is called again when that is done
            drained = parked && !isCongestedNow();
            parked &= !drained;
            batch = queue.take();
            to = endPoint;
            if (batch.length == 0) {
                step = then;
                then = null;
            }
        } finally {
            lock.unlock();
        }
        written.forEach(EncodedStanza::written);
        if (drained) {
            owner.drained();
        }
        if (batch.length > 0) {
            to.write(this, batch);
            return Action.SCHEDULED;
        }
        if (step != null) {
            step.run();
        }
        return Action.IDLE;
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        owner.writeFailed(cause);
    }
}
