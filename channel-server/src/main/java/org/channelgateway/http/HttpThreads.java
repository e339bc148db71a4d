package org.channelgateway.http;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The threads of the server. A connection that goes on after an answer of a {@link PromptThread} goes on there. */
final class HttpThreads extends QueuedThreadPool {
    private static final int MAX_THREADS = 24;
    private static final int MIN_THREADS = 4;
    private static final int IDLE_MILLIS = 30_000;

    HttpThreads() {
        super(MAX_THREADS, MIN_THREADS, IDLE_MILLIS);
        setName("http");
    }

    @Override
    public void execute(Runnable job) {
        if (job instanceof Connection && Thread.currentThread() instanceof PromptThread) {
            job.run();
        } else {
            super.execute(job);
        }
    }
}
