package org.channelgateway.api;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose turn it is to be written: of the calls of one lane only the oldest. Not thread-safe. */
final class Turns {
    /** At most one of each lane, and then it is the head of the lane. */
    private final Deque<Call<?>> ready = new ArrayDeque<>();

    /** Oldest first. A call stays in its lane until it is done, and holds up those behind it. */
    private final Map<String, Deque<Call<?>>> lanes = new HashMap<>();

    void add(Call<?> call) {
        String name = call.request.lane();
        if (name == null) {
            ready.addLast(call);
            return;
        }
        Deque<Call<?>> lane = lanes.computeIfAbsent(name, key -> new ArrayDeque<>());
        lane.addLast(call);
        if (lane.size() == 1) {
            ready.addLast(call);
        }
    }

    /** The next, which from now on has no turn; null when it is nobody's turn. */
    @Nullable
    Call<?> next() {
        return ready.pollFirst();
    }

    /** These have their turn again, before all others. */
    void again(List<Call<?>> calls) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            ready.addFirst(calls.get(i));
        }
    }

    /** A call is done: the next of its lane has its turn. */
    void done(Call<?> call) {
        if (call.iqId == null) {
            ready.remove(call);
        }
        String name = call.request.lane();
        Deque<Call<?>> lane = name == null ? null : lanes.get(name);
        if (lane == null) {
            return;
        }
        boolean first = lane.peekFirst() == call;
        lane.remove(call);
        Call<?> next = lane.peekFirst();
        if (next == null) {
            lanes.remove(name);
        } else if (first) {
            ready.addLast(next);
        }
    }
}
