package org.channelgateway.limit;

import java.util.concurrent.atomic.AtomicLong;

/** The heap that all things of one kind may take together, counted before it is taken. Thread-safe. */
public final class HeapRoom {
    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();

    public HeapRoom(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** A {@code divisor}th of the heap. */
    public static HeapRoom part(int divisor) {
        return new HeapRoom(Runtime.getRuntime().maxMemory() / divisor);
    }

    /**
     * Takes room for so many bytes more; who is alone always has it.
     *
     * @param taken what the same one has taken before
     * @return false when there is no room, and none was taken
     */
    public boolean take(int more, int taken) {
        while (true) {
            long all = bytes.get();
            if (all + more > maxBytes && all != taken) {
                return false;
            }
            if (bytes.compareAndSet(all, all + more)) {
                return true;
            }
        }
    }

    public void leave(int taken) {
        bytes.addAndGet(-taken);
    }

    public long bytes() {
        return bytes.get();
    }
}
