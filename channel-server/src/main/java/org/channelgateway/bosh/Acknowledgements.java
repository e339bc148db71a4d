package org.channelgateway.bosh;

import java.time.Duration;

/** The acknowledgements of a session whose client asked for them (XEP-0124 §9). Guarded by the lock of its session. */
final class Acknowledgements {
    /** A response younger than this may still be on its way. */
    static final Duration UNDER_WAY = Duration.ofSeconds(1);

    /** The last responses, by rid: as many as are kept for repeats. */
    private final long[] rids;

    private final long[] times;
    private long lastAnswered;
    /** The attributes that tell the client of a response that it seems to miss; empty when there is none. */
    private String report = "";

    Acknowledgements(int requests) {
        rids = new long[requests];
        times = new long[requests];
    }

    /** Takes note of the responses that the client has (XEP-0124 §9.2). */
    void received(BoshRequest request, long now) {
        long missing = request.ack() + 1;
        int at = slot(missing);
        if (request.ack() > 0
                && missing <= lastAnswered
                && rids[at] == missing
                && now - times[at] >= UNDER_WAY.toNanos()) {
            long millis = Duration.ofNanos(now - times[at]).toMillis();
            report = " report='" + missing + "' time='" + millis + "'";
        }
    }

    /** True when the next response has to leave at once. */
    boolean isReportDue() {
        return !report.isEmpty();
    }

    /**
     * The attributes of the response to {@code rid}, which leaves now.
     *
     * @param received the highest rid up to which all requests have come (XEP-0124 §9.1)
     */
    String answering(long rid, long received, long now) {
        String attributes = (received > rid ? " ack='" + received + "'" : "") + report;
        report = "";
        lastAnswered = Math.max(lastAnswered, rid);
        rids[slot(rid)] = rid;
        times[slot(rid)] = now;
        return attributes;
    }

    private int slot(long rid) {
        return (int) (rid % rids.length);
    }
}
