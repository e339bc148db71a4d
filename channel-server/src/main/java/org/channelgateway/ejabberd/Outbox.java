package org.channelgateway.ejabberd;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the component stream, bounded in bytes. Answers go first; the messages of a channel go in order, and the channels
 * take turns, so that a message to thousands holds up nobody else's. Closed while there is no stream. Thread-safe.
 */
public final class Outbox {
    /** What is written at once. */
    static final int CHUNK_BYTES = 64 * 1024;
    /** What one channel may write before others have their turn. */
    static final int TURN_BYTES = 8 * 1024;

    /**
     * Bytes to be written, and what is done with them.
     *
     * @param finished the messages whose last stanza is in it
     */
    record Chunk(byte[] bytes, List<FanOut> finished) {
        void written() {
            finished.forEach(FanOut::written);
        }

        void failed(IOException why) {
            finished.forEach(one -> one.failed(why));
        }
    }

    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final Deque<byte[]> answers = new ArrayDeque<>();
    private final Map<Channel, Deque<FanOut>> messages = new HashMap<>();
    /** The channels with messages, the next one to write first. */
    private final Deque<Channel> turns = new ArrayDeque<>();

    private long answerBytes;
    private long messageBytes;
    private boolean isOpen;
    private boolean isStalled;
    private boolean isFinishing;

    /** @param maxBytes most that waits, of answers and of messages each */
    public Outbox(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** There is a stream now. */
    void open() {
        lock.lock();
        try {
            isOpen = true;
            isStalled = false;
        } finally {
            lock.unlock();
        }
    }

    /** The server takes nothing for a while, or is not heard of; or all is well again. */
    void stalled(boolean is) {
        lock.lock();
        try {
            isStalled = is;
        } finally {
            lock.unlock();
        }
    }

    /** There is none any more: what waits fails. */
    void close(IOException why) {
        List<FanOut> lost = new ArrayList<>();
        lock.lock();
        try {
            isOpen = false;
            messages.values().forEach(lost::addAll);
            messages.clear();
            turns.clear();
            answers.clear();
            answerBytes = 0;
            messageBytes = 0;
            more.signalAll();
        } finally {
            lock.unlock();
        }
        lost.forEach(one -> one.failed(why));
    }

    /** Takes an answer; false when there is no stream or no room. */
    boolean answer(byte[] stanza) {
        lock.lock();
        try {
            if (!isOpen || answerBytes + stanza.length > maxBytes) {
                return false;
            }
            answers.add(stanza);
            answerBytes += stanza.length;
            more.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** What became of messages that were offered. */
    enum Offer {
        TAKEN,
        /** Too much waits, or the server takes nothing, or hangs. */
        FULL,
        /** There is no stream. */
        CLOSED
    }

    /** Takes all messages or none. More than there is room for is taken while nothing else waits. */
    Offer offer(Collection<FanOut> offered) {
        long bytes = offered.stream().mapToLong(FanOut::bytes).sum();
        lock.lock();
        try {
            if (!isOpen || isFinishing) {
                return Offer.CLOSED;
            }
            if (isStalled || (messageBytes > 0 && messageBytes + bytes > maxBytes)) {
                return Offer.FULL;
            }
            for (FanOut one : offered) {
                Deque<FanOut> line = messages.computeIfAbsent(one.channel(), channel -> {
                    turns.add(channel);
                    return new ArrayDeque<>(1);
                });
                line.add(one);
            }
            messageBytes += bytes;
            more.signal();
            return Offer.TAKEN;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; what waits is still written. */
    void finish() {
        lock.lock();
        try {
            isFinishing = true;
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes of messages wait. */
    public long waitingBytes() {
        lock.lock();
        try {
            return messageBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something to write; null when there is no stream any more, or nothing more will come. */
    @Nullable
    Chunk next() throws InterruptedException {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(TURN_BYTES);
        List<FanOut> finished = new ArrayList<>();
        lock.lock();
        try {
            while (isOpen && !isFinishing && isEmpty()) {
                more.await();
            }
            if (!isOpen || isEmpty()) {
                return null;
            }
            while (!answers.isEmpty() && chunk.size() < CHUNK_BYTES) {
                byte[] answer = answers.remove();
                answerBytes -= answer.length;
                chunk.writeBytes(answer);
            }
            while (!turns.isEmpty() && chunk.size() < CHUNK_BYTES) {
                takeTurn(turns.remove(), chunk, finished);
            }
        } finally {
            lock.unlock();
        }
        return new Chunk(chunk.toByteArray(), finished);
    }

    @GuardedBy("lock")
    private boolean isEmpty() {
        return answers.isEmpty() && turns.isEmpty();
    }

    private void takeTurn(Channel channel, ByteArrayOutputStream chunk, List<FanOut> finished) {
        Deque<FanOut> line = messages.get(channel);
        FanOut first = line == null ? null : line.peek();
        if (line == null || first == null) {
            throw new AssertionError("a turn without a message");
        }
        if (!first.begin() || first.fill(chunk, Math.min(chunk.size() + TURN_BYTES, CHUNK_BYTES))) {
            FanOut unused = line.remove();
            messageBytes -= first.bytes();
            finished.add(first);
        }
        if (line.isEmpty()) {
            Deque<FanOut> unused = messages.remove(channel);
        } else {
            turns.add(channel);
        }
    }
}
