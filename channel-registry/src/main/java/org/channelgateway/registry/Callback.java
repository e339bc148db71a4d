package org.channelgateway.registry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One task: something that an application is to be told. Immutable.
 *
 * @param id their order where {@code notBefore} is the same
 * @param name unique for as long as it is kept; the application hears it
 * @param message what the page sent, at most 32767 bytes of UTF-8; null for other kinds, and where it is not to be posted
 * @param attempts how often it was begun
 * @param notBefore when it came to be told, to the millisecond
 * @param due when it is looked at again; after the end, when that was
 * @param error what the last attempt failed with; null when none did
 */
public record Callback(
        long id,
        String name,
        String app,
        ChannelKey key,
        CallbackKind kind,
        byte @Nullable [] message,
        CallbackState state,
        int attempts,
        Instant notBefore,
        Instant due,
        @Nullable String error) {

    /** The same as an attempt that has begun and may last until {@code until}. */
    Callback begun(byte @Nullable [] read, Instant until) {
        return new Callback(
                id, name, app, key, kind, read, CallbackState.RUNNING, attempts + 1, notBefore, until, error);
    }

    /** True when nothing more becomes of it by itself. */
    public boolean isOver() {
        return state == CallbackState.COMPLETED || state == CallbackState.FAILED;
    }

    /** What became of an attempt. */
    public sealed interface Outcome {
        /** The application has taken it. */
        record Completed() implements Outcome {}

        /** It is tried again. */
        record Repeat(Instant at, String error) implements Outcome {}

        /** It is given up. */
        record Failed(String error) implements Outcome {}
    }

    /** A callback with what became of its attempt. */
    public record Attempt(Callback callback, Outcome outcome) {}
}
