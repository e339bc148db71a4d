package org.channelgateway.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.channelgateway.api.Pending.Outgoing;

/** A {@link Pending} whose time is moved by the test. */
abstract class PendingFixture {
    static final long START = Long.MAX_VALUE - 5; // nano time may overflow
    static final Duration TIMEOUT = Duration.ofSeconds(30);
    static final Duration READING = Duration.ofSeconds(40);

    long now = START;
    Pending pending = new Pending(1000, 1 << 20, READING, () -> now);

    Call<?> add(Request<?> request) {
        return add(request, TIMEOUT);
    }

    Call<?> add(Request<?> request, Duration timeout) {
        Call<?> call = new Call<>(request, now + timeout.toNanos());
        pending.add(call);
        return call;
    }

    Call<?> publish(String key) {
        return add(Request.publish(key, "id", "m"));
    }

    List<Call<?>> take(long line) {
        return calls(pending.take(line));
    }

    static List<Call<?>> calls(List<Outgoing> taken) {
        List<Call<?>> calls = new ArrayList<>();
        taken.forEach(outgoing -> calls.add(outgoing.call()));
        return calls;
    }

    void pass(Duration time) {
        now += time.toNanos();
    }
}
