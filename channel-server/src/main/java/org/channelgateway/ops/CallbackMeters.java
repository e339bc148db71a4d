package org.channelgateway.ops;

import org.channelgateway.callback.CallbackCounts;
import org.channelgateway.registry.CallbackState;

/** What applications are told. */
final class CallbackMeters {
    private static final String ATTEMPTS = "Posts to applications, by what became of them";

    private CallbackMeters() {}

    static void register(Meters meters, CallbackCounts counts) {
        for (CallbackState state : CallbackState.values()) {
            meters.gauge(
                    "gateway.callbacks",
                    "Callbacks that are kept, by state, as counted every five seconds",
                    now -> counts.in(state),
                    "state",
                    state.word());
        }
        meters.counter("gateway.callback.attempts", ATTEMPTS, counts::completed, "result", "completed");
        meters.counter("gateway.callback.attempts", ATTEMPTS, counts::repeated, "result", "repeated");
        meters.counter("gateway.callback.attempts", ATTEMPTS, counts::failed, "result", "failed");
        meters.counter(
                "gateway.callback.drops",
                "Sessions whose application was not told because it had too many callbacks already",
                counts::dropped);
    }
}
