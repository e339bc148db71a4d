package org.channelgateway.limit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** How many bytes wait for clients that do not read, over all of them; what several wait for counts once. Thread-safe. */
public final class Backlog {
    /** A client for which bytes may wait. */
    public interface Reader {
        /** How many bytes wait for it, shared or not. */
        int waitingBytes();

        /** Ends it, because it does not read what it is sent. */
        void endSlow();
    }

    private record Slow(Reader reader, int bytes) {}

    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();

    /** @param maxBytes beyond so many the slowest clients are ended; beyond a quarter more nothing is published */
    public Backlog(long maxBytes) {
        this.maxBytes = maxBytes;
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

    /** Ends the slowest of {@code readers} when too much waits, until a quarter is free. To be called a few times a second. */
    public void relieve(Supplier<? extends Collection<? extends Reader>> readers) {
        if (bytes.get() <= maxBytes) {
            return;
        }
        List<Slow> slow = new ArrayList<>();
        for (Reader reader : readers.get()) {
            int waiting = reader.waitingBytes();
            if (waiting > 0) {
                slow.add(new Slow(reader, waiting));
            }
        }
        slow.sort(Comparator.comparingInt(Slow::bytes).reversed());
        for (Slow one : slow) {
            if (bytes.get() <= maxBytes / 4 * 3) {
                return;
            }
            one.reader.endSlow();
        }
    }
}
