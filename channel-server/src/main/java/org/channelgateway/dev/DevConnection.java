package org.channelgateway.dev;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.channel.SessionEnd;
import org.channelgateway.channel.Subscription;
import org.channelgateway.channel.XmppSession;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.Places;
import org.channelgateway.registry.Lease;
import org.channelgateway.xml.EncodedStanza;
import org.jspecify.annotations.Nullable;

/** One client that polls: what is published waits here until it asks, one message a poll. Thread-safe. */
final class DevConnection implements XmppSession, Backlog.Reader {
    /** What a place in the queue takes. */
    private static final int ENTRY_BYTES = 16;

    private final DevConnections connections;
    private final Subscription subscription;
    private final String id;
    private final Places.Place place;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Deque<EncodedStanza> waiting = new ArrayDeque<>(4);

    @GuardedBy("lock")
    private int bytes;

    /** Among the subscribers. */
    @GuardedBy("lock")
    private boolean isOpen;

    @GuardedBy("lock")
    private boolean isOver;

    /** Nano time of the last request. */
    private volatile long asked;

    DevConnection(DevConnections connections, Lease lease, String id, Places.Place place, long now) {
        this.connections = connections;
        this.subscription = new Subscription(lease, this);
        this.id = id;
        this.place = place;
        this.asked = now;
    }

    String id() {
        return id;
    }

    Subscription subscription() {
        return subscription;
    }

    Places.Place place() {
        return place;
    }

    /** It is among the subscribers now; false when it ended before, and was not taken out again. */
    boolean open() {
        lock.lock();
        try {
            isOpen = !isOver;
            return isOpen;
        } finally {
            lock.unlock();
        }
    }

    /** How long nobody has polled, in nanoseconds. */
    long silence(long now) {
        return now - asked;
    }

    @Override
    public boolean deliver(EncodedStanza stanza) {
        lock.lock();
        try {
            if (isOver) {
                return false;
            }
            if (hasRoomFor(stanza)) {
                waiting.addLast(stanza);
                bytes += stanza.length();
                connections.backlog().add(ENTRY_BYTES + (stanza.kept() ? stanza.length() : 0));
                return true;
            }
        } finally {
            lock.unlock();
        }
        endSlow();
        return false;
    }

    @GuardedBy("lock")
    private boolean hasRoomFor(EncodedStanza stanza) {
        DevConfig config = connections.config();
        return waiting.isEmpty()
                || (waiting.size() < config.maxMessages() && stanza.length() <= config.maxBytes() - bytes);
    }

    /** Takes out the oldest message; null when there is none. */
    @Nullable
    EncodedStanza poll(long now) {
        lock.lock();
        try {
            asked = now;
            EncodedStanza first = waiting.pollFirst();
            if (first != null) {
                release(first);
            }
            return first;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void release(EncodedStanza stanza) {
        bytes -= stanza.length();
        connections.backlog().add(-ENTRY_BYTES - (stanza.released() ? stanza.length() : 0));
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
        if (end()) {
            connections.slow(this);
        }
    }

    /** Its polls learn from their token why. */
    @Override
    public void end(SessionEnd why) {
        boolean unused = end();
    }

    /** False when another has ended it. What waits is dropped. */
    boolean end() {
        return end(false);
    }

    /** The same, because nobody polls it any more. */
    boolean lapse() {
        return end(true);
    }

    private boolean end(boolean lapsed) {
        boolean wasOpen;
        lock.lock();
        try {
            if (isOver) {
                return false;
            }
            isOver = true;
            wasOpen = isOpen;
            waiting.forEach(this::release);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        if (wasOpen) {
            connections.ended(this, lapsed);
        }
        return true;
    }
}
