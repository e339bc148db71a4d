package org.channelgateway.api;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads of what applications do with results, so that it may block: other threads wait in vain for nothing that is done
 * here. Those that wait for a future are made up for, up to a bound. Thread-safe.
 */
final class Callbacks implements Executor {
    /** So many threads at most; what comes on top waits for one. */
    static final int MOST_THREADS = 64;

    private static final int LEAST_THREADS = 2;
    private static final int THREADS =
            Math.min(MOST_THREADS, Math.max(LEAST_THREADS, Runtime.getRuntime().availableProcessors()));
    private static final int LEAST_RUNNING = 1;
    private static final long IDLE_SECONDS = 60;

    private final ForkJoinPool pool;

    /** @param loader for whatever looks for classes in the thread that it runs on; null for that of the JVM */
    Callbacks(@Nullable ClassLoader loader) {
        pool = new ForkJoinPool(
                THREADS,
                of -> thread(of, loader),
                null,
                true,
                THREADS,
                MOST_THREADS,
                LEAST_RUNNING,
                full -> true, // it goes on with fewer
                IDLE_SECONDS,
                TimeUnit.SECONDS);
    }

    private static ForkJoinWorkerThread thread(ForkJoinPool pool, @Nullable ClassLoader loader) {
        ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        thread.setName(Threads.PREFIX + "callbacks");
        thread.setContextClassLoader(loader);
        return thread;
    }

    /** Always runs the task: in the caller's thread after {@link #close}. */
    @Override
    public void execute(Runnable task) {
        try {
            pool.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    /** Runs what waits, and then there are no threads any more. */
    void close() {
        pool.shutdown();
    }
}
