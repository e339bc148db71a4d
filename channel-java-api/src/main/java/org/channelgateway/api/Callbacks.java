package org.channelgateway.api;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;

/**
 * The threads of what applications do with results, so that it may block: other threads wait in vain for nothing that is done
 * here. Those that wait for a future are made up for. Thread-safe.
 */
final class Callbacks implements Executor {
    private static final int LEAST_THREADS = 2;

    private final ForkJoinPool pool = new ForkJoinPool(
            Math.max(LEAST_THREADS, Runtime.getRuntime().availableProcessors()), Callbacks::thread, null, true);

    private static ForkJoinWorkerThread thread(ForkJoinPool pool) {
        ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        thread.setName(Threads.PREFIX + "callbacks");
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
