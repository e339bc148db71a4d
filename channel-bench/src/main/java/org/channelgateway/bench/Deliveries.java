package org.channelgateway.bench;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Which message has reached how many subscribers, and how long that took. Safe for use by many threads. */
final class Deliveries {
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final int POLL_MILLIS = 1000;

    private final int subscribers;
    private long first;
    private long[] nanos =
            new long[0]; // since it was sent, of each message, until the last had it; minus then: not yet
    private int[] times = new int[0];
    private int complete;
    private long latest;
    private @Nullable Exception failure;

    Deliveries(int subscribers) {
        this.subscribers = subscribers;
    }

    synchronized void begin(long number, int count) {
        first = number;
        nanos = new long[count];
        times = new int[count];
        complete = 0;
    }

    synchronized void sent(long number) {
        nanos[(int) (number - first)] = -System.nanoTime();
    }

    synchronized void received(long number) {
        int index = (int) (number - first);
        latest = System.nanoTime();
        if (index < 0 || index >= times.length || ++times[index] > subscribers) {
            throw new IllegalStateException("message " + number + ": not awaited (expected: each one once)");
        }
        if (times[index] == subscribers) {
            nanos[index] += latest;
            complete++;
            notifyAll();
        }
    }

    /** Ends all waiting: nothing comes any more. */
    synchronized void fail(Exception cause) {
        failure = cause;
        notifyAll();
    }

    /** Waits until all subscribers have it. */
    void await(long number) throws IOException {
        await(() -> times[(int) (number - first)] == subscribers);
    }

    /** Waits until all subscribers have everything. */
    void awaitAll() throws IOException {
        await(() -> complete == times.length);
    }

    private synchronized void await(BooleanSupplier condition) throws IOException {
        latest = System.nanoTime();
        try {
            while (!condition.getAsBoolean()) {
                wait(POLL_MILLIS);
                checkPatience();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private synchronized void checkPatience() throws IOException {
        if (failure != null) {
            throw new IOException("subscribers: " + failure.getMessage(), failure);
        }
        if (System.nanoTime() - latest > PATIENCE_NANOS) {
            throw new IOException(
                    "complete: " + complete + " (expected: " + times.length + "); nothing comes any more");
        }
    }

    /** The last run. */
    synchronized long[] nanos() {
        return nanos.clone();
    }
}
