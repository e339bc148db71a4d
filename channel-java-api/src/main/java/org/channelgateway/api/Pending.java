package org.channelgateway.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait: which are to be written, which are on their way on which line, and which have waited too long. Bounded;
 * does no I/O and completes nothing. Thread-safe.
 */
final class Pending {
    /** What the ids of the client's own requests begin with: other parts of Smack ask on the same connection. */
    static final String ID_PREFIX = "call-";

    /** Most IQs on their way at once; below what may wait to be written, see {@link XmppStream#MOST_UNWRITTEN}. */
    static final int WINDOW = 256;

    /** A publish is repeated for as long as the gateway surely knows its id: 2 minutes, less what may be under way. */
    static final Duration REPEATABLE = Duration.ofSeconds(90);

    private static final long NO_LINE = 0;

    /** @param iqId another with each write */
    record Outgoing(String iqId, Call<?> call) {}

    private final int maxCalls;
    private final long maxBytes;
    private final Duration reading;
    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock();

    /** In the order in which they came. */
    @GuardedBy("lock")
    private final Set<Call<?>> calls = new LinkedHashSet<>();

    @GuardedBy("lock")
    private long bytes;

    @GuardedBy("lock")
    private final Turns turns = new Turns();

    /**
     * What was given up stays until it is answered, the line is lost, or it was surely read and
     * will never be answered, as when ejabberd gave it to a gateway that was killed.
     */
    @GuardedBy("lock")
    private final Window onTheirWay = new Window();

    @GuardedBy("lock")
    private long line = NO_LINE;

    @GuardedBy("lock")
    private long lastLine = NO_LINE;

    @GuardedBy("lock")
    private long lastIqId;

    /** Why nothing is taken any more; null before that. */
    @GuardedBy("lock")
    private @Nullable Supplier<? extends RuntimeException> ended;

    /**
     * @param reading what was written so long ago was read, when the line is still there
     * @param ticker nano time
     */
    Pending(int maxCalls, long maxBytes, Duration reading, LongSupplier ticker) {
        this.maxCalls = maxCalls;
        this.maxBytes = maxBytes;
        this.reading = reading;
        this.ticker = ticker;
    }

    /** Lets a call wait for its turn. */
    void add(Call<?> call) {
        lock.lock();
        try {
            if (ended != null) {
                throw ended.get();
            }
            checkRoom(call);
            calls.add(call);
            bytes += call.bytes;
            turns.add(call);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void checkRoom(Call<?> call) {
        if (calls.size() >= maxCalls) {
            throw new OverloadedException(
                    "waiting calls: " + (calls.size() + 1) + " (expected: at most " + maxCalls + ")", null);
        }
        if (bytes + call.bytes > maxBytes) {
            throw new OverloadedException(
                    "bytes of waiting calls: " + (bytes + call.bytes) + " (expected: at most " + maxBytes + ")", null);
        }
    }

    /** A line is there; returns its number. */
    long lineUp() {
        lock.lock();
        try {
            line = ++lastLine;
            return line;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What is to be written now on this line, in order; nothing when the line is lost.
     *
     * <p>T1 may take a call before T2 says that the line is lost, and write it after that: T1 writes in vain, and T2 has given
     * the call its turn again.
     */
    List<Outgoing> take(long onLine) {
        List<Outgoing> taken = new ArrayList<>();
        lock.lock();
        try {
            long now = ticker.getAsLong();
            while (onLine == line && line != NO_LINE && !onTheirWay.isFull()) {
                Call<?> call = turns.next();
                if (call == null) {
                    break;
                }
                if (!onTheirWay.hasRoomFor(call)) {
                    turns.again(List.of(call));
                    break;
                }
                if (now - call.deadline < 0) { // otherwise it waits for overdue()
                    taken.add(new Outgoing(write(call, now), call));
                }
            }
        } finally {
            lock.unlock();
        }
        return taken;
    }

    @GuardedBy("lock")
    private String write(Call<?> call, long now) {
        if (!call.written) {
            call.written = true;
            call.firstWritten = now;
        }
        call.lines++;
        call.lastWritten = now;
        String iqId = ID_PREFIX + ++lastIqId;
        call.iqId = iqId;
        onTheirWay.add(iqId, call);
        return iqId;
    }

    /** The call that this is the answer to; null when it is not waited for any more, or never was. */
    @Nullable
    Call<?> answered(String iqId) {
        lock.lock();
        try {
            Call<?> call = onTheirWay.remove(iqId);
            if (call == null || call.done) {
                return null;
            }
            finish(call);
            return call;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What was on its way on this line is to be written again, before everything else and in the same order. What goes again and
     * again with lines that end because of it would stop all the others: after two such lines what was on them goes alone, and
     * is given up when its line ends so, too.
     *
     * @param becauseOfWhatWasRead whether the gateway ended the line because of something it had read
     * @return what was given up, or null
     */
    @Nullable
    Call<?> lineDown(long lost, boolean becauseOfWhatWasRead) {
        lock.lock();
        try {
            if (lost != line) {
                return null;
            }
            line = NO_LINE;
            Call<?> culprit = becauseOfWhatWasRead ? onTheirWay.suspect() : null;
            if (culprit != null) {
                finish(culprit);
            }
            List<Call<?>> again = onTheirWay.clear();
            for (Call<?> call : again) {
                call.iqId = null;
                limitRepeats(call);
            }
            turns.again(again);
            return culprit;
        } finally {
            lock.unlock();
        }
    }

    private static void limitRepeats(Call<?> call) {
        long end = call.firstWritten + REPEATABLE.toNanos();
        if (call.request.remembered() && end - call.deadline < 0) {
            call.deadline = end;
        }
    }

    /** Gives up those whose time is over, and returns them. */
    List<Call<?>> overdue() {
        List<Call<?>> overdue = new ArrayList<>();
        lock.lock();
        try {
            long now = ticker.getAsLong();
            for (Call<?> call : calls) {
                if (now - call.deadline >= 0) {
                    overdue.add(call);
                }
            }
            for (Call<?> call : overdue) {
                finish(call);
            }
            onTheirWay.removeIf(call -> call.done && now - call.lastWritten >= reading.toNanos());
        } finally {
            lock.unlock();
        }
        return overdue;
    }

    /** Gives a call up; returns whether it may have been carried out. */
    boolean giveUp(Call<?> call) {
        lock.lock();
        try {
            if (!call.done) {
                finish(call);
            }
            return call.written;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing any more, for this reason, and returns what waited. */
    List<Call<?>> end(Supplier<? extends RuntimeException> reason) {
        lock.lock();
        try {
            ended = reason;
            line = NO_LINE;
            List<Call<?>> waiting = List.copyOf(calls);
            for (Call<?> call : waiting) {
                finish(call);
            }
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void finish(Call<?> call) {
        call.done = true;
        calls.remove(call);
        bytes -= call.bytes;
        turns.done(call);
    }
}
