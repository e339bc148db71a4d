package org.channelgateway.bench;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The CPU that the server has used, in user mode and in the kernel.
 *
 * @param process null if it is not to be measured
 */
record ServerCpu(@Nullable ProcessHandle process) {
    static ServerCpu of(long pid) {
        return new ServerCpu(ProcessHandle.of(pid)
                .orElseThrow(() -> new IllegalArgumentException("--pid: " + pid + " (expected: a process that runs)")));
    }

    long nanos() {
        return process == null
                ? 0
                : process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }
}
