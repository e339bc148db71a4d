package org.channelgateway.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The calls that were written on a line and are not answered. Not thread-safe. */
final class Window {
    /** On how many lines that the gateway ended because of what it read a call may be; from then on it goes alone. */
    static final int SUSPICIONS = 2;

    /** By the id of the IQ, oldest first. */
    private final Map<String, Call<?>> calls = new LinkedHashMap<>();

    /** The latest that went alone. */
    private @Nullable Call<?> alone;

    boolean isFull() {
        return calls.size() >= Pending.WINDOW || isAlone();
    }

    private boolean isAlone() {
        return alone != null && !alone.done;
    }

    /** Whether it may be written now: a suspect goes alone. */
    boolean hasRoomFor(Call<?> call) {
        return !isFull() && (!isSuspect(call) || calls.values().stream().allMatch(other -> other.done));
    }

    private static boolean isSuspect(Call<?> call) {
        return call.suspicions >= SUSPICIONS;
    }

    void add(String iqId, Call<?> call) {
        calls.put(iqId, call);
        if (isSuspect(call)) {
            alone = call;
        }
    }

    @Nullable
    Call<?> remove(String iqId) {
        return calls.remove(iqId);
    }

    void removeIf(Predicate<Call<?>> is) {
        calls.values().removeIf(is);
    }

    /** Suspects what is on its way; returns the culprit, if there is no doubt. */
    @Nullable
    Call<?> suspect() {
        calls.values().forEach(call -> call.suspicions++);
        return isAlone() ? alone : null;
    }

    /** Lets go of all, and returns those that are waited for, in order. */
    List<Call<?>> clear() {
        List<Call<?>> left = new ArrayList<>(calls.values());
        left.removeIf(call -> call.done);
        calls.clear();
        alone = null;
        return left;
    }
}
