package org.channelgateway.callback;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.channelgateway.registry.CallbackState;

/** What became of callbacks since the start. Thread-safe. */
public final class CallbackCounts {
    private final LongAdder completed = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private volatile Map<CallbackState, Integer> states = Map.of();

    void countCompleted() {
        completed.increment();
    }

    void countRepeated() {
        repeated.increment();
    }

    void countFailed() {
        failed.increment();
    }

    void countDropped() {
        dropped.increment();
    }

    void states(Map<CallbackState, Integer> counted) {
        states = counted;
    }

    /** How many are in a state, as they were counted last. */
    public int in(CallbackState state) {
        return states.getOrDefault(state, 0);
    }

    /** Attempts that the application took. */
    public long completed() {
        return completed.sum();
    }

    /** Attempts that failed and are repeated. */
    public long repeated() {
        return repeated.sum();
    }

    /** Callbacks that were given up. */
    public long failed() {
        return failed.sum();
    }

    /** Sessions that were not told because too much waited already. */
    public long dropped() {
        return dropped.sum();
    }
}
