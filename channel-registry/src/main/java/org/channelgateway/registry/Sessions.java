package org.channelgateway.registry;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
     */
    record Opened(Lease lease, boolean isNew) {}

    /** Notes a session of a live lease's account; empty when the lease is over, or there never was one. */
    Optional<Opened> open(SessionName name);

    /** The live lease of an account; notes nothing. */
    Optional<Lease> lease(String account);

    /** Forgets a session; returns the lease that it was noted for, empty when it was not. Of a revoked one the expiry is not kept. */
    Optional<Lease> close(SessionName name);

    /** The sessions of a key whose lease is live. */
    List<SessionName> of(String app, ChannelKey key);

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
