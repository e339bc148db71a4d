package org.channelgateway.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The leases of all applications. Thread-safe. What {@code create} and {@code revoke} did survives the death of the process. What
 * fails for reasons outside is a {@link RegistryException}.
 */
public interface Leases {
    /**
     * Makes a lease on a new account with a random name.
     *
     * @param lifetime from {@link #now()}, positive; rounded up to end at a whole second
     * @throws TooManyLeasesException when the key or the application has as many as it may have
     */
    default IssuedLease create(String app, ChannelKey key, Duration lifetime) {
        return create(app, List.of(new Wanted(key, lifetime))).get(0).get();
    }

    /**
     * A lease to be made.
     *
     * @param lifetime from {@link #now()}, positive; rounded up to end at a whole second
     */
    record Wanted(ChannelKey key, Duration lifetime) {}

    /**
     * Makes several at once, each as {@link #create(String, ChannelKey, Duration)} does. One that is refused with a {@link
     * TooManyLeasesException} keeps no other from being made; when they cannot be written none is made.
     *
     * @return what became of each, in order
     */
    List<Attempt<IssuedLease>> create(String app, List<Wanted> wanted);

    /** The lease of this token, expired or not; empty once it is swept or revoked. */
    Optional<Lease> find(Token token);

    /** The lease of this token if it is this account's, expired or not. */
    Optional<Lease> authenticate(String account, Token token);

    /** The live leases of a key; empty when there is none. */
    Optional<KeySummary> look(String app, ChannelKey key);

    /**
     * The keys with a live lease that begin with {@code prefix}, in the order of their bytes.
     *
     * @param after where the previous page ended; null for the first page
     * @param limit most keys returned, positive
     */
    List<ChannelKey> list(String app, String prefix, @Nullable ChannelKey after, int limit);

    /** Ends all leases of a key now; returns those that were live. */
    List<Lease> revoke(String app, ChannelKey key);

    /** Ends the lease of this token now if this application made it; returns it if it was live. */
    Optional<Lease> revoke(String app, Token token);

    /**
     * Removes expired leases and their accounts, all or none. Any number of threads and processes may sweep at once: each lease is
     * returned by one of them.
     *
     * @param limit most leases removed, positive; fewer came back when no more were expired and unclaimed
     */
    List<Lease> sweep(int limit);

    /**
     * How many leases are live; of those that are expired and not swept yet some may be counted when they are very many. Cheap
     * enough to be asked all the time.
     */
    long live();

    /** The clock that leases are judged by. */
    Instant now();
}
