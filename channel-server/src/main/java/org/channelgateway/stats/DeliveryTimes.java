package org.channelgateway.stats;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** How long messages took from their publish until they were written to a client; a histogram. Thread-safe. */
public final class DeliveryTimes {
    private static final double NANOS = 1e9;

    /** Upper bounds in seconds; the last ones are those of messages that waited for a poll. */
    private static final double[] BOUNDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 150
    };

    private static final long[] BOUND_NANOS =
            Arrays.stream(BOUNDS).mapToLong(bound -> Math.round(bound * NANOS)).toArray();

    private final LongSupplier ticker;
    private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];
    private final LongAdder nanos = new LongAdder();

    /** @param ticker nano time */
    public DeliveryTimes(LongSupplier ticker) {
        this.ticker = ticker;
        Arrays.setAll(counts, i -> new LongAdder());
    }

    /** A message is published now; what is returned is to be run each time it has been written. */
    public Runnable published() {
        long start = ticker.getAsLong();
        return () -> add(ticker.getAsLong() - start);
    }

    private void add(long took) {
        int bucket = 0;
        while (bucket < BOUND_NANOS.length && took > BOUND_NANOS[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        nanos.add(took);
    }

    /** The upper bounds of the buckets, in seconds; the last is infinite. */
    public double[] bounds() {
        double[] bounds = Arrays.copyOf(BOUNDS, BOUNDS.length + 1);
        bounds[BOUNDS.length] = Double.POSITIVE_INFINITY;
        return bounds;
    }

    /** How many there are in each bucket, not cumulated. */
    public long[] counts() {
        return Arrays.stream(counts).mapToLong(LongAdder::sum).toArray();
    }

    /** The sum of all times, in seconds. */
    public double sum() {
        return nanos.sum() / NANOS;
    }
}
