package org.channelgateway.xml;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a step takes of the heap, whatever else runs in the process. */
final class Allocated {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Something to be measured. */
    interface Step {
        void run() throws XmlException;
    }

    private Allocated() {}

    /** In bytes, the second time: the first one loads classes. */
    static long by(Step step) throws XmlException {
        step.run();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        if (before < 0) {
            throw new AssertionError("the JVM does not count what a thread allocates");
        }
        step.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
