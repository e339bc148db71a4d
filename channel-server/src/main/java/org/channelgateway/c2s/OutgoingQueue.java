package org.channelgateway.c2s;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What waits to be written to one client; bounded. The bytes are shared, not copied. Guarded by the lock of its writer. */
final class OutgoingQueue {
    /** How much is handed to the socket at once. */
    private static final int BATCH_BYTES = 64 * 1024;

    private static final int BATCH_BUFFERS = 64;

    private final int maxStanzas;
    private final int maxBytes;
    /** Null while nothing waits: most connections, most of the time. */
    private @Nullable Deque<byte[]> waiting;
    /** How much of the first one has been taken. */
    private int offset;

    private int stanzas;
    private int bytes;
    private int takenStanzas;
    private int takenBytes;

    OutgoingQueue(int maxStanzas, int maxBytes) {
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

    boolean hasRoomFor(int length) {
        return stanzas == 0 || (stanzas < maxStanzas && length <= maxBytes - bytes);
    }

    void add(byte[] stanza) {
        if (waiting == null) {
            waiting = new ArrayDeque<>(4);
        }
        waiting.addLast(stanza);
        stanzas++;
        bytes += stanza.length;
    }

    /** Drops what waits, but for the rest of a stanza of which a part has been taken. */
    void drop() {
        if (waiting == null) {
            return;
        }
        byte[] begun = offset == 0 ? null : waiting.pollFirst();
        for (byte[] stanza : waiting) {
            stanzas--;
            bytes -= stanza.length;
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
            byte[] first = waiting.getFirst();
            int length = Math.min(first.length - offset, BATCH_BYTES - takenBytes);
            batch.add(ByteBuffer.wrap(first, offset, length));
            takenBytes += length;
            offset += length;
            if (offset == first.length) {
                takenStanzas++;
                offset = 0;
                waiting.removeFirst();
                if (waiting.isEmpty()) {
                    waiting = null;
                }
            }
        }
        return batch.toArray(ByteBuffer[]::new);
    }

    /** What was taken has been written. */
    void written() {
        stanzas -= takenStanzas;
        bytes -= takenBytes;
        takenStanzas = 0;
        takenBytes = 0;
    }
}
