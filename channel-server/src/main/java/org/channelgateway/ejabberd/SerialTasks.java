package org.channelgateway.ejabberd;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks on a few threads: those of one name one after the other, in the order in which they came. Bounded. Thread-safe. */
final class SerialTasks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SerialTasks.class);
    private static final Duration LAST_TASKS = Duration.ofSeconds(5);

    private final int most;
    private final ThreadPoolExecutor threads;
    /** The tasks that wait, by name; a name without tasks is here while its last one runs. */
    private final Map<String, Deque<Runnable>> waiting = new HashMap<>();

    private int count;

    /**
     * @param threads how many tasks run at once
     * @param most how many there may be, running or waiting
     */
    SerialTasks(String name, int threads, int most) {
        this.most = most;
        this.threads = (ThreadPoolExecutor) Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** False when there are too many: then it is not run. */
    boolean run(String name, Runnable task) {
        synchronized (waiting) {
            if (count == most) {
                return false;
            }
            count++;
            Deque<Runnable> line = waiting.get(name);
            if (line != null) {
                line.add(task);
                return true;
            }
            waiting.put(name, new ArrayDeque<>(1));
        }
        threads.execute(() -> runAll(name, task));
        return true;
    }

    private void runAll(String name, Runnable first) {
        Runnable task = first;
        while (task != null) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("a stanza could not be handled", e);
            }
            synchronized (waiting) {
                count--;
                Deque<Runnable> line = waiting.get(name);
                task = line == null ? null : line.poll();
                if (task == null) {
                    Deque<Runnable> unused = waiting.remove(name);
                }
            }
        }
    }

    /** Waits a little for those that are there. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(LAST_TASKS.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("some stanzas were still being handled after {}", LAST_TASKS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
