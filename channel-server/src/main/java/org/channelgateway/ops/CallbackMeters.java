package org.channelgateway.ops;

import java.util.List;
import org.channelgateway.callback.CallbackCounts;
import org.channelgateway.registry.CallbackState;

/** What applications are told. */
final class CallbackMeters {
    private static final String ATTEMPTS = "Posts to applications, by what became of them";

    private static final List<CallbackState> KEPT =
            List.of(CallbackState.QUEUED, CallbackState.RUNNING, CallbackState.FAILED);

    private CallbackMeters() {}

    static void register(Meters meters, CallbackCounts counts) {
        for (CallbackState state : KEPT) {
            meters.gauge(
                    "gateway.callbacks",
                    "Callbacks that wait, are posted or have failed, as counted every five seconds",
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
