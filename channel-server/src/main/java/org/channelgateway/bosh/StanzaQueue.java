package org.channelgateway.bosh;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.channelgateway.limit.Backlog;
import org.channelgateway.xml.EncodedStanza;
import org.jspecify.annotations.Nullable;

/** Stanzas that wait for the next request of one session; bounded. Guarded by the lock of its session. */
final class StanzaQueue {
    /** Once so many bytes are in one answer the rest waits for the next. */
    private static final int ANSWER_BYTES = 64 * 1024;
    /** What a place in the queue takes. */
    private static final int ENTRY_BYTES = 16;

    private final int maxStanzas;
    private final int maxBytes;
    private final Backlog backlog;
    /** Null while nothing waits: most sessions, most of the time. */
    private @Nullable Deque<EncodedStanza> waiting;

    private int bytes;

    StanzaQueue(int maxStanzas, int maxBytes) {
        this(maxStanzas, maxBytes, new Backlog(Long.MAX_VALUE / 2));
    }

    /** @param backlog what waits in all queues together */
    StanzaQueue(int maxStanzas, int maxBytes, Backlog backlog) {
        this.backlog = backlog;
        this.maxStanzas = maxStanzas;
        this.maxBytes = maxBytes;
    }

    boolean isEmpty() {
        return waiting == null;
    }

    int size() {
        return waiting == null ? 0 : waiting.size();
    }

    boolean isHalfFull() {
        return size() > maxStanzas / 2 || bytes > maxBytes / 2;
    }

    /** False when there is no room. */
    boolean add(EncodedStanza stanza) {
        if (waiting == null) {
            waiting = new ArrayDeque<>(4);
        } else if (waiting.size() >= maxStanzas || bytes + stanza.length() > maxBytes) {
            return false;
        }
        waiting.addLast(stanza);
        bytes += stanza.length();
        backlog.add(ENTRY_BYTES + (stanza.kept() ? stanza.length() : 0));
        return true;
    }

    private void release(EncodedStanza stanza) {
        backlog.add(-ENTRY_BYTES - (stanza.released() ? stanza.length() : 0));
    }

    /** How many bytes wait. */
    int bytes() {
        return bytes;
    }

    /** Takes out all: there is no next answer. */
    List<EncodedStanza> takeAll() {
        List<EncodedStanza> all = waiting == null ? List.of() : List.copyOf(waiting);
        all.forEach(this::release);
        waiting = null;
        bytes = 0;
        return all;
    }

    /** Takes out the oldest ones, as many as go into one answer. */
    List<EncodedStanza> take() {
        List<EncodedStanza> taken = new ArrayList<>(size());
        if (waiting == null) {
            return taken;
        }
        int size = 0;
        for (EncodedStanza first = waiting.peekFirst();
                first != null && (taken.isEmpty() || size + first.length() <= ANSWER_BYTES);
                first = waiting.peekFirst()) {
            waiting.removeFirst();
            size += first.length();
            release(first);
            taken.add(first);
        }
        bytes -= size;
        if (waiting.isEmpty()) {
            waiting = null;
        }
        return taken;
    }
}
