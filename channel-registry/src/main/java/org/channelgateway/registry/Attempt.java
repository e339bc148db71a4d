package org.channelgateway.registry;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One of several things that are tried together: what came of it, or why nothing did. Immutable. */
public final class Attempt<T> {
    private final @Nullable T made;
    private final @Nullable RuntimeException refusal;

    private Attempt(@Nullable T made, @Nullable RuntimeException refusal) {
        this.made = made;
        this.refusal = refusal;
    }

    public static <T> Attempt<T> made(T made) {
        return new Attempt<>(made, null);
    }

    public static <T> Attempt<T> refused(RuntimeException why) {
        return new Attempt<>(null, why);
    }

    /** Tries {@code to} now. */
    public static <T> Attempt<T> of(Supplier<T> to) {
        try {
            return made(to.get());
        } catch (RuntimeException e) {
            return refused(e);
        }
    }

    /** What {@code next} makes of what was made; the same refusal otherwise. */
    public <U> Attempt<U> then(Function<T, Attempt<U>> next) {
        return made == null || refusal != null ? new Attempt<>(null, refusal) : next.apply(made);
    }

    /** The same with another reason. */
    public Attempt<T> because(Function<RuntimeException, RuntimeException> why) {
        return refusal == null ? this : refused(why.apply(refusal));
    }

    public boolean isMade() {
        return refusal == null;
    }

    /** What came of it; throws why nothing did. */
    public T get() {
        if (made == null || refusal != null) {
            throw refusal == null ? new IllegalStateException("neither made nor refused") : refusal;
        }
        return made;
    }
}
