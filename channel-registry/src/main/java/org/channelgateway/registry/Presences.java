package org.channelgateway.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * The sessions of which applications want to hear, and the callbacks that tell them. What fails for reasons outside is a
 * {@link RegistryException}. Thread-safe.
 */
public interface Presences {
    /** A session that is over, and when that is told unless one has come in its place. */
    record Departure(PresenceId id, Instant told) {}

    /**
     * Notes that a session has come and queues {@link CallbackKind#CONNECTED}; when one of the channel left and its time of grace is not
     * over, this one takes its place, and neither is told.
     *
     * @param before ends of sessions of the channel that may not be noted yet: that is done first
     * @throws TooManyCallbacksException when the application has as many callbacks as it may have; then nothing of the session is noted
     */
    void arrive(PresenceId id, String app, ChannelKey key, List<Departure> before);

    /** The same when all ends are noted. */
    default void arrive(PresenceId id, String app, ChannelKey key) {
        arrive(id, app, key, List.of());
    }

    /**
     * Notes that sessions are over, after whatever was noted before, and queues {@link CallbackKind#DISCONNECTED} for them; those that
     * never came are left out.
     */
    void depart(List<Departure> departures);

    /**
     * The same for all sessions of this gateway: to be called when it starts, for those that were lost with it before.
     *
     * @return how many there were
     */
    int departAll(Duration grace);

    /** Forgets the sessions of this gateway whose application is none of {@code apps}; returns how many. */
    int forgetOthers(Set<String> apps);

    /** How many sessions are there, by all gateways. */
    int count();
}
