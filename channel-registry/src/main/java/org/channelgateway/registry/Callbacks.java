package org.channelgateway.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that tell applications what happened: durable, those of one channel one after the other, done at least once. Any
 * number of gateways may work on them. What fails for reasons outside is a {@link RegistryException}. Thread-safe.
 */
public interface Callbacks {
    /**
     * Queues {@link CallbackKind#RECEIVE}; it is durable when this returns.
     *
     * @param message 1 to 32767 bytes of UTF-8
     * @param once what makes this message another than any other; one that was queued before, and is still kept, is not queued again.
     *     Empty for one that comes once
     * @return its name
     * @throws TooManyCallbacksException when the application has as many as it may have
     */
    String receive(String app, ChannelKey key, String message, String once);

    /** The same for a message that comes once. */
    default String receive(String app, ChannelKey key, String message) {
        return receive(app, key, message, "");
    }

    /**
     * Takes callbacks that are due and the first of their channel, to be attempted now.
     *
     * @param limit most of them, positive
     * @param time how long nobody else takes them; then they are due again
     */
    List<Callback> claim(String app, int limit, Duration time);

    /** Notes what became of attempts; of callbacks that were dropped meanwhile nothing is noted. */
    void finish(List<Callback.Attempt> attempts);

    /** When a callback is due next; empty when none is queued. */
    Optional<Instant> nextDue(String app);

    /** Queues again what this gateway had begun before it stopped; returns how many. To be called when it starts. */
    int requeue();

    /**
     * Those of an application, oldest first.
     *
     * @param state null for all
     * @param after the id of the last one of the page before; 0 for the first page
     * @param limit most returned, positive
     */
    List<Callback> list(String app, @Nullable CallbackState state, long after, int limit);

    Optional<Callback> find(String app, String name);

    /** Queues a failed one again, with its attempts counted from none; false when there is none of that name that has failed. */
    boolean retry(String app, String name);

    /** Removes one that is not being attempted; false when there is none. */
    boolean drop(String app, String name);

    /** Removes what was completed or failed before these instants, a batch of each; returns how many. */
    int sweep(Instant completedBefore, Instant failedBefore);

    /** How many there are in each state. */
    Map<CallbackState, Integer> counts();

    /** The clock that they are judged by. */
    Instant now();
}
