package org.channelgateway.http;

/**
 * A thread that answers requests and never blocks. What a connection does after its answer it does on this thread, at once, instead of
 * waking another one.
 */
public final class PromptThread extends Thread {
    public PromptThread(Runnable job) {
        super(job);
    }
}
