package org.channelgateway.c2s;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * What a thread puts off while it hands up stanzas that came together: writing, so that what a client gets for them goes out at
 * once. Confined to its thread.
 */
final class WriteTurn {
    private static final ThreadLocal<WriteTurn> OF_THREAD = ThreadLocal.withInitial(WriteTurn::new);

    private final Set<StreamWriter> waiting = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean more;

    private WriteTurn() {}

    static WriteTurn ofThread() {
        return OF_THREAD.get();
    }

    /** @param more whether stanzas have come behind the one that is handed up next: then writing is put off */
    void next(boolean more) {
        this.more = more;
    }

    /** Writes now, or with what follows. */
    void write(StreamWriter writer) {
        if (more) {
            waiting.add(writer);
        } else {
            writer.iterate();
        }
    }

    /** Writes what was put off. */
    void flush() {
        while (!waiting.isEmpty()) { // one that fails leaves the others to the next turn
            StreamWriter next = waiting.iterator().next();
            waiting.remove(next);
            next.iterate();
        }
    }

    /** Writes what was put off, and puts nothing off until {@link #next}. */
    void end() {
        more = false;
        flush();
    }
}
