package org.channelgateway.server;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the gateway's short tasks that wait for their time on one thread: the end of a poll, of a lease. */
final class Timer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Timer.class);

    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "timer"));

    /** Those of one pause run one after the other: to wake the thread for each would cost more than most of them do. */
    private final Map<Duration, List<Runnable>> periodic = new ConcurrentHashMap<>();

    /** Runs {@code task} again and again, also after a failure. */
    void every(Duration pause, Runnable task) {
        periodic.computeIfAbsent(pause, this::start).add(guarded(task));
    }

    private List<Runnable> start(Duration pause) {
        List<Runnable> tasks = new CopyOnWriteArrayList<>();
        Future<?> unused = executor.scheduleWithFixedDelay(
                () -> tasks.forEach(Runnable::run), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
        return tasks;
    }

    /** Runs {@code task} once, after {@code pause}; never when the gateway stops before. */
    void after(Duration pause, Runnable task) {
        try {
            Future<?> unused = executor.schedule(guarded(task), pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("stopping: a task was left out");
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable e) { // a periodic one that throws is never run again
                LOG.error("a task of the timer failed", e);
            }
        };
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
