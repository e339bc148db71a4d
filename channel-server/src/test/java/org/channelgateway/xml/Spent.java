package org.channelgateway.xml;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/** What a step costs the thread that does it, whatever else runs on the machine. */
final class Spent {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int TIMES = 5;

    /** Something to be measured. */
    interface Step {
        void run() throws XmlException;
    }

    private Spent() {}

    /** The least time of the processor that it took in several runs, after one that does not count. */
    static Duration on(Step step) throws XmlException {
        step.run();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < TIMES; i++) {
            long before = THREADS.getCurrentThreadCpuTime();
            step.run();
            least = Math.min(least, THREADS.getCurrentThreadCpuTime() - before);
        }
        return Duration.ofNanos(least);
    }
}
