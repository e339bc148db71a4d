package org.channelgateway.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The heap that bodies may take together while they are read and until they have been handed on. What is short does not count:
 * the number of connections bounds it. Thread-safe.
 */
final class BodyRoom {
    /** So much of each body does not count. */
    static final int FREE_BYTES = 2048;

    /** Of the heap: for what pages send, most of which shows who it is from only in its body. */
    private static final int PAGES_PART = 16;
    /** For all else: what applications send, which have shown their secret before, and the demo. */
    private static final int APPLICATIONS_PART = 8;

    /** Where nothing is to be read. */
    static final BodyRoom NONE = new BodyRoom(0);

    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();

    BodyRoom(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    static BodyRoom ofPages() {
        return new BodyRoom(Runtime.getRuntime().maxMemory() / PAGES_PART);
    }

    static BodyRoom ofApplications() {
        return new BodyRoom(Runtime.getRuntime().maxMemory() / APPLICATIONS_PART);
    }

    /**
     * Takes room for so many bytes more; a body that is alone always has it.
     *
     * @param taken what the body has taken before
     * @return false when there is no room, and none was taken
     */
    boolean take(int more, int taken) {
        while (true) {
            long all = bytes.get();
            if (all + more > maxBytes && all != taken) {
                return false;
            }
            if (bytes.compareAndSet(all, all + more)) {
                return true;
            }
        }
    }

    void leave(int taken) {
        bytes.addAndGet(-taken);
    }

    long bytes() {
        return bytes.get();
    }
}
