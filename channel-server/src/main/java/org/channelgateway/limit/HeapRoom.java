package org.channelgateway.limit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The heap that all things of one kind may take together, counted before it is taken. Thread-safe. */
public final class HeapRoom {
    /** One owner takes a quarter at most, so that the others have room beside it. */
    private static final int OWNER_PART = 4;

    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private long bytes;

    @GuardedBy("lock")
    private final Map<String, Long> byOwner = new HashMap<>();

    public HeapRoom(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** A {@code divisor}th of the heap. */
    public static HeapRoom part(int divisor) {
        return new HeapRoom(Runtime.getRuntime().maxMemory() / divisor);
    }

    /**
     * One thing's part of it, of nothing yet.
     *
     * @param owner whose parts count together; null for one that has no bound of its own
     */
    public Claim claim(@Nullable String owner) {
        return new Claim(owner);
    }

    /** How much is taken. */
    public long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** What one thing takes. Thread-safe. */
    public final class Claim {
        private final @Nullable String owner;

        @GuardedBy("lock")
        private int taken;

        @GuardedBy("lock")
        private boolean closed;

        private Claim(@Nullable String owner) {
            this.owner = owner;
        }

        /**
         * Takes as much as it is of the room; what is alone always has it.
         *
         * @param wanted how much it takes from now on, unless it takes more already
         * @return false when there is no room, and nothing more was taken
         */
        public boolean growTo(int wanted) {
            lock.lock();
            try {
                int more = wanted - taken;
                if (closed || more <= 0) {
                    return !closed;
                }
                if (!fits(more)) {
                    return false;
                }
                add(more);
                return true;
            } finally {
                lock.unlock();
            }
        }

        @GuardedBy("lock")
        private boolean fits(int more) {
            long ofOwner = owner == null ? 0 : byOwner.getOrDefault(owner, 0L);
            boolean fitsOwner = owner == null || ofOwner == taken || ofOwner + more <= maxBytes / OWNER_PART;
            return fitsOwner && (bytes == taken || bytes + more <= maxBytes);
        }

        @GuardedBy("lock")
        private void add(int more) {
            bytes += more;
            taken += more;
            if (owner != null) {
                byOwner.merge(owner, (long) more, (a, b) -> a + b == 0 ? null : (Long) (a + b));
            }
        }

        /** True when it takes a part, and more than half of the room or of its owner's is taken. */
        public boolean isCrowding() {
            lock.lock();
            try {
                long ofOwner = owner == null ? 0 : byOwner.getOrDefault(owner, 0L);
                return taken > 0 && (bytes > maxBytes / 2 || ofOwner > maxBytes / OWNER_PART / 2);
            } finally {
                lock.unlock();
            }
        }

        /** Gives all of it back, and takes nothing any more. */
        public void close() {
            lock.lock();
            try {
                if (taken > 0) {
                    add(-taken);
                }
                closed = true;
            } finally {
                lock.unlock();
            }
        }
    }
}
