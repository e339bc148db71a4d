package org.channelgateway.limit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * How many bytes wait for clients that do not read, or are kept for those that may not have got them, over all of them; what several
 * wait for counts once. Thread-safe.
 */
public final class Backlog {
    /** A client for which bytes may wait. */
    public interface Reader {
        /** How many bytes wait for it, shared or not. */
        int waitingBytes();

        /** Ends it, because it does not read what it is sent. */
        void endSlow();

        /** How many bytes that it was sent are kept in case that it asks for them again, shared or not. */
        default int keptBytes() {
            return 0;
        }

        /** Keeps those no longer: it loses them if it should not have got them. */
        default void forgetKept() {}
    }

    /** What can be freed at once, and how. */
    private record Load(int bytes, Runnable free) {}

    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();

    /** @param maxBytes beyond so many the slowest clients are ended; beyond a quarter more nothing is published */
    public Backlog(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** One with a part of the room of this one. */
    public Backlog part(int divisor) {
        return new Backlog(maxBytes / divisor);
    }

    /** A quarter of the heap. */
    public static int defaultBytes() {
        return (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 4);
    }

    /** @param more negative when they wait no longer */
    public void add(long more) {
        bytes.addAndGet(more);
    }

    public long bytes() {
        return bytes.get();
    }

    /** True while so much waits that no more should come. */
    public boolean isFull() {
        return bytes.get() > maxBytes + maxBytes / 4;
    }

    /**
     * When too much waits or is kept: ends readers for which much waits, and lets what is kept for others go, the greatest first,
     * until a quarter is free. To be called a few times a second.
     */
    public void relieve(Supplier<? extends Collection<? extends Reader>> readers) {
        if (bytes.get() <= maxBytes) {
            return;
        }
        List<Load> loads = new ArrayList<>();
        for (Reader reader : readers.get()) {
            add(loads, reader.waitingBytes(), reader::endSlow);
            add(loads, reader.keptBytes(), reader::forgetKept);
        }
        loads.sort(Comparator.comparingInt(Load::bytes).reversed());
        for (Load load : loads) {
            if (bytes.get() <= maxBytes / 4 * 3) {
                return;
            }
            load.free.run();
        }
    }

    private static void add(List<Load> loads, int bytes, Runnable free) {
        if (bytes > 0) {
            loads.add(new Load(bytes, free));
        }
    }
}
