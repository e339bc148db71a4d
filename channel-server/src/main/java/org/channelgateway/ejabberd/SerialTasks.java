package org.channelgateway.ejabberd;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks on a few threads: those of one line one after the other, in the order in which they came; lines take turns after each
 * task. One sender never has more than half of the threads, and all that waits is bounded in bytes. Thread-safe.
 */
final class SerialTasks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SerialTasks.class);
    private static final Duration LAST_TASKS = Duration.ofSeconds(5);

    private final int mostOfSender;
    private final long mostBytes;
    private final ExecutorService threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    /** Those that have something to do. */
    @GuardedBy("lock")
    private final Map<Line, Deque<Task>> waiting = new HashMap<>();

    @GuardedBy("lock")
    private final Map<String, Turns> senders = new HashMap<>();

    @GuardedBy("lock")
    private long bytes;

    @GuardedBy("lock")
    private boolean closed;

    private record Line(String sender, String name) {}

    private record Task(long bytes, Runnable work) {}

    /** The lines of a sender that could run. */
    private static final class Turns {
        private final Deque<Line> ready = new ArrayDeque<>(1);
        private int running;
    }

    /**
     * @param threads how many tasks run at once
     * @param mostBytes how many bytes those may have that run or wait
     */
    SerialTasks(String name, int threads, long mostBytes) {
        this.mostOfSender = Math.max(1, threads / 2);
        this.mostBytes = mostBytes;
        this.threads = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * @param name of the sender's line
     * @param size of the task, in bytes
     * @return false when there is too much: then it is not run
     */
    boolean run(String sender, String name, long size, Runnable work) {
        Line line = new Line(sender, name);
        Line next;
        lock.lock();
        try {
            if (closed || bytes + size > mostBytes) {
                return false;
            }
            bytes += size;
            Task task = new Task(size, work);
            Deque<Task> before = waiting.get(line);
            if (before != null) {
                before.add(task);
                return true;
            }
            Deque<Task> tasks = new ArrayDeque<>(1);
            tasks.add(task);
            waiting.put(line, tasks);
            Turns turns = senders.computeIfAbsent(sender, unknown -> new Turns());
            turns.ready.add(line);
            next = turn(turns);
        } finally {
            lock.unlock();
        }
        execute(next);
        return true;
    }

    /** The line of a sender whose turn it is; null when it has to wait for one of the sender's. */
    @GuardedBy("lock")
    private @Nullable Line turn(Turns turns) {
        if (turns.running == mostOfSender || turns.ready.isEmpty()) {
            return null;
        }
        turns.running++;
        return turns.ready.remove();
    }

    private void execute(@Nullable Line line) {
        if (line == null) {
            return;
        }
        try {
            threads.execute(() -> runOne(line));
        } catch (RejectedExecutionException e) {
            LOG.debug("what is left after the close is not done", e);
        }
    }

    private void runOne(Line line) {
        try {
            first(line).work.run();
        } catch (RuntimeException e) {
            LOG.error("a stanza could not be handled", e);
        } finally {
            execute(done(line));
        }
    }

    private Task first(Line line) {
        lock.lock();
        try {
            return tasks(line).element();
        } finally {
            lock.unlock();
        }
    }

    /** The first task of a line is done; returns the line of its sender that is next, behind those of others. */
    private @Nullable Line done(Line line) {
        lock.lock();
        try {
            Deque<Task> tasks = tasks(line);
            bytes -= tasks.remove().bytes;
            Turns turns = senders.get(line.sender);
            if (turns == null) {
                throw new AssertionError("a line without a sender");
            }
            turns.running--;
            if (tasks.isEmpty()) {
                Deque<Task> unused = waiting.remove(line);
            } else {
                turns.ready.add(line);
            }
            if (turns.running == 0 && turns.ready.isEmpty()) {
                Turns unused = senders.remove(line.sender);
            }
            if (waiting.isEmpty()) {
                idle.signalAll();
            }
            return turn(turns);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Deque<Task> tasks(Line line) {
        Deque<Task> tasks = waiting.get(line);
        if (tasks == null) {
            throw new AssertionError("a line without a task");
        }
        return tasks;
    }

    /** Takes nothing more, and waits a little for those that are there. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            long left = LAST_TASKS.toNanos();
            while (!waiting.isEmpty() && left > 0) {
                left = idle.awaitNanos(left);
            }
            if (!waiting.isEmpty()) {
                LOG.warn("some stanzas were still being handled after {}", LAST_TASKS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        threads.shutdown();
    }
}
