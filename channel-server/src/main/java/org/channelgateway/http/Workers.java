package org.channelgateway.http;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for the requests that wait for others: a database, an XMPP server. However long they wait, the threads that read connections
 * go on. Bounded: what there is no room for is refused. Thread-safe.
 */
public final class Workers implements AutoCloseable {
    private static final int THREADS = 48;
    private static final int WAITING = 2000;
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final AtomicInteger made = new AtomicInteger();
    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            job -> new Worker(job, "work-" + made.incrementAndGet()));

    public Workers() {
        pool.allowCoreThreadTimeOut(true);
    }

    private static final class Worker extends Thread {
        Worker(Runnable job, String name) {
            super(job, name);
            setDaemon(true);
        }
    }

    /** Runs {@code step} on a worker, which this thread may be already; false when there is no room. */
    boolean run(Runnable step) {
        if (Thread.currentThread() instanceof Worker) {
            step.run();
            return true;
        }
        try {
            pool.execute(step);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Takes nothing more; what runs goes on. */
    @Override
    public void close() {
        pool.shutdown();
    }
}
