package org.channelgateway.c2s;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.channelgateway.limit.Backlog;
import org.channelgateway.xml.EncodedStanza;
import org.jspecify.annotations.Nullable;

/** What waits to be written to one client; bounded. The bytes are shared, not copied. Guarded by the lock of its writer. */
final class OutgoingQueue {
    /** How much is handed to the socket at once. */
    private static final int BATCH_BYTES = 64 * 1024;

    private static final int BATCH_BUFFERS = 64;
    /** What a place in the queue takes. */
    private static final int ENTRY_BYTES = 32;

    /** @param stanza whose bytes they are; null for what the transport itself says */
    private record Waiting(byte[] bytes, @Nullable EncodedStanza stanza) {}

    private final int maxStanzas;
    private final int maxBytes;
    private final Backlog backlog;
    /** False once the stream is over: what is written then is gone soon, in one way or another. */
    private boolean counts = true;
    /** Null while nothing waits: most connections, most of the time. */
    private @Nullable Deque<Waiting> waiting;
    /** How much of the first one has been taken. */
    private int offset;

    private int stanzas;
    private int bytes;
    private int takenStanzas;
    private int takenBytes;
    /** Those of which all has been taken. */
    private final List<Waiting> taken = new ArrayList<>(1);

    /** @param backlog what waits for all clients together */
    OutgoingQueue(int maxStanzas, int maxBytes, Backlog backlog) {
        this.backlog = backlog;
        this.maxStanzas = maxStanzas;
        this.maxBytes = maxBytes;
    }

    /** How many are not written yet. */
    int stanzas() {
        return stanzas;
    }

    /** How many bytes are not written yet. */
    int bytes() {
        return bytes;
    }

    boolean isHalfFull() {
        return stanzas > maxStanzas / 2 || bytes > maxBytes / 2;
    }

    boolean hasRoomFor(int length) {
        return stanzas == 0 || (stanzas < maxStanzas && length <= maxBytes - bytes);
    }

    void add(byte[] words) {
        add(new Waiting(words, null));
    }

    void add(EncodedStanza stanza) {
        add(new Waiting(stanza.bytes(), stanza));
    }

    private void add(Waiting last) {
        if (waiting == null) {
            waiting = new ArrayDeque<>(4);
        }
        waiting.addLast(last);
        stanzas++;
        bytes += last.bytes.length;
        if (counts) {
            backlog.add(ENTRY_BYTES + (last.stanza == null || last.stanza.kept() ? last.bytes.length : 0));
        }
    }

    private void release(Waiting gone) {
        if (counts) {
            backlog.add(-ENTRY_BYTES - (gone.stanza == null || gone.stanza.released() ? gone.bytes.length : 0));
        }
    }

    /** Counts nothing in the backlog any more, neither what waits nor what comes. */
    void stopCounting() {
        taken.forEach(this::release);
        if (waiting != null) {
            waiting.forEach(this::release);
        }
        counts = false;
    }

    /** Drops what waits, but for the rest of a stanza of which a part has been taken. */
    void drop() {
        if (waiting == null) {
            return;
        }
        Waiting begun = offset == 0 ? null : waiting.pollFirst();
        for (Waiting dropped : waiting) {
            stanzas--;
            bytes -= dropped.bytes.length;
            release(dropped);
        }
        waiting = null;
        if (begun != null) {
            waiting = new ArrayDeque<>(4);
            waiting.addLast(begun);
        }
    }

    /** Takes what can be written at once, in order; empty when nothing waits. */
    ByteBuffer[] take() {
        List<ByteBuffer> batch = new ArrayList<>();
        while (waiting != null && takenBytes < BATCH_BYTES && batch.size() < BATCH_BUFFERS) {
            Waiting next = waiting.getFirst();
            byte[] first = next.bytes;
            int length = Math.min(first.length - offset, BATCH_BYTES - takenBytes);
            batch.add(ByteBuffer.wrap(first, offset, length));
            takenBytes += length;
            offset += length;
            if (offset == first.length) {
                takenStanzas++;
                taken.add(next);
                offset = 0;
                waiting.removeFirst();
                if (waiting.isEmpty()) {
                    waiting = null;
                }
            }
        }
        return batch.toArray(ByteBuffer[]::new);
    }

    /** What was taken has been written; returns the stanzas of which that was the rest. */
    List<EncodedStanza> written() {
        stanzas -= takenStanzas;
        bytes -= takenBytes;
        takenStanzas = 0;
        takenBytes = 0;
        if (taken.isEmpty()) {
            return List.of();
        }
        List<EncodedStanza> whole = new ArrayList<>(taken.size());
        for (Waiting gone : taken) {
            release(gone);
            if (gone.stanza != null) {
                whole.add(gone.stanza);
            }
        }
        taken.clear();
        return whole;
    }
}
