package org.channelgateway.channel;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Points in time as the doors write them: ISO 8601, UTC, whole milliseconds. */
public final class Times {
    private Times() {}

    public static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
