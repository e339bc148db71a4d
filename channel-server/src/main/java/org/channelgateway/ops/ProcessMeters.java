package org.channelgateway.ops;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/** The JVM, the process and the build. */
final class ProcessMeters {
    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;

    private ProcessMeters() {}

    static void register(Meters meters, MeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        collections(meters);
        threads(meters);
        process(meters);
        meters.gauge(
                "gateway.build.info",
                "1; its labels say what runs",
                now -> 1,
                "version",
                version(),
                "java",
                Runtime.version().toString());
    }

    /** Since the start of the JVM, however late the first scrape comes. */
    private static void collections(Meters meters) {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            meters.counter(
                    "jvm.gc.collections",
                    "Garbage collections",
                    collector::getCollectionCount,
                    "collector",
                    collector.getName());
            meters.counter(
                    "jvm.gc.collection.seconds",
                    "Time that garbage collections took",
                    () -> collector.getCollectionTime() / MILLIS,
                    "collector",
                    collector.getName());
        }
    }

    private static void threads(Meters meters) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        meters.gauge("jvm.live.threads", "Threads that live", now -> threads.getThreadCount());
        meters.gauge("jvm.daemon.threads", "Daemon threads that live", now -> threads.getDaemonThreadCount());
        meters.gauge("jvm.peak.threads", "Most threads that lived at once", now -> threads.getPeakThreadCount());
    }

    private static void process(Meters meters) {
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        meters.gauge(
                "process.start.time.seconds",
                "When the process started, in Unix time",
                now -> runtime.getStartTime() / MILLIS);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            meters.counter(
                    "process.cpu.seconds",
                    "Processor time that the process used",
                    () -> system.getProcessCpuTime() / NANOS);
        }
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            meters.gauge("process.open.fds", "Open files and sockets", now -> system.getOpenFileDescriptorCount());
            meters.gauge("process.max.fds", "Most open files and sockets", now -> system.getMaxFileDescriptorCount());
        }
    }

    private static String version() {
        @Nullable String version = ProcessMeters.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
