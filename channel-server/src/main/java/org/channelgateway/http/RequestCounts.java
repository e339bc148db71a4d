package org.channelgateway.http;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;

/** How many requests were answered, by the class of the status; nothing is logged. Thread-safe. */
public final class RequestCounts implements RequestLog {
    private static final int CLASSES = 6;

    private final LongAdder[] byClass = new LongAdder[CLASSES];

    RequestCounts() {
        Arrays.setAll(byClass, i -> new LongAdder());
    }

    @Override
    public void log(Request request, Response response) {
        int statusClass = response.getStatus() / 100;
        byClass[statusClass < CLASSES ? statusClass : 0].increment();
    }

    /** @param statusClass the first digit of the status, 1 to 5; 0 stands for those that got none */
    public long of(int statusClass) {
        return byClass[statusClass].sum();
    }
}
