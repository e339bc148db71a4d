package org.channelgateway.bench;

import java.util.Arrays;
import java.util.Locale;

/** One run. */
final class Measured {
    private static final double NANOS = 1e9;

    private final long nanos;
    private final long[] sorted;
    private final long cpuNanos;

    /** @param each how long each operation took, in nanoseconds, in any order */
    Measured(long nanos, long[] each, long cpuNanos) {
        this.nanos = nanos;
        this.sorted = each.clone();
        this.cpuNanos = cpuNanos;
        Arrays.sort(sorted);
    }

    /** The same run, of whose operations something else was timed. */
    Measured with(long[] each) {
        return new Measured(nanos, each, cpuNanos);
    }

    double perSecond() {
        return sorted.length * NANOS / nanos;
    }

    double percentileMillis(int percent) {
        return sorted[(int) ((sorted.length - 1L) * percent / 100)] / 1e6;
    }

    /** The CPU that the server used for one operation. */
    double cpuMicros() {
        return cpuNanos / 1e3 / sorted.length;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.0f/s, p50 %.2f ms, p99 %.2f ms, server CPU %.0f us each",
                perSecond(),
                percentileMillis(50),
                percentileMillis(99),
                cpuMicros());
    }
}
