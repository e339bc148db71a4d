package org.channelgateway.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that subscribers have at an outside XMPP server, for all gateways that share it. What fails for reasons outside is a
 * {@link RegistryException}. Thread-safe.
 */
public interface Sessions {
    /**
     * A session that is noted.
     *
     * @param isNew false when it was noted before
     * @param isDropped true when its application should have been told and has as many callbacks as it may have
     */
    record Opened(Lease lease, boolean isNew, boolean isDropped) {}

    /**
     * Notes a session of a live lease's account and, when it is new, queues {@link CallbackKind#CONNECTED} as {@link Presences#arrive}
     * does: both or neither, whatever fails.
     *
     * @param hears whether the application of this name wants to be told
     * @return empty when the lease is over, or there never was one
     */
    Optional<Opened> open(SessionName name, Predicate<String> hears);

    /** The same when nobody is told. */
    default Optional<Opened> open(SessionName name) {
        return open(name, app -> false);
    }

    /** The live lease of an account; notes nothing. */
    Optional<Lease> lease(String account);

    /**
     * Forgets a session and, when its application was told of it, queues {@link CallbackKind#DISCONNECTED} as {@link Presences#depart}
     * does: both or neither, whatever fails.
     *
     * @param grace how long another one may take its place before that is told
     * @return the lease that it was noted for, empty when it was not; of a revoked one the expiry is not kept
     */
    Optional<Lease> close(SessionName name, Duration grace);

    /** The same without any grace. */
    default Optional<Lease> close(SessionName name) {
        return close(name, Duration.ZERO);
    }

    /** What logs in with this token; empty when its lease is gone. */
    Optional<LoginKeys> loginKeys(Token token);

    /** The sessions of a key whose lease is live. */
    List<SessionName> of(String app, ChannelKey key);

    /** The same for many keys at once; a key without any is left out. */
    Map<ChannelKey, List<SessionName>> of(String app, Collection<ChannelKey> keys);

    /** How many those are. */
    int count(String app, ChannelKey key);

    /** How many sessions an account has. */
    int ofAccount(String account);

    /** How many there are in all. */
    long count();

    /**
     * Sessions whose lease was revoked, or is over for a few seconds: before that, whoever holds their poll ends them with the reason.
     * They are the caller's for a minute: nobody else is given them meanwhile.
     *
     * @param limit most of them, positive
     */
    List<SessionName> claimOver(int limit);

    /**
     * Whether the caller is to compare all sessions with those of the server; then nobody else is, for the same reason.
     *
     * @param notSince false when somebody began to at that time or later
     */
    boolean claimComparison(Instant notSince);

    /**
     * A session and when it was noted, which is before it is bound at the server.
     */
    record Noted(SessionName name, Instant since) {}

    /**
     * A page of all sessions, in order.
     *
     * @param after the last one of the page before; null for the first page
     */
    List<Noted> page(@Nullable SessionName after, int limit);
}
