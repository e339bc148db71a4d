package org.channelgateway.channel;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.channelgateway.registry.Lease;
import org.channelgateway.xml.EncodedStanza;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is connected, by channel. Thread-safe.
 *
 * <p>T1 connects while T2 revokes: T1 read the lease before T2 deleted it. T2 notes the account and then ends the
 * sessions it finds; T1 adds its session and then looks for the note: one of the two ends it.
 */
public final class Subscribers implements Audience {
    private static final Logger LOG = LoggerFactory.getLogger(Subscribers.class);
    private static final long NOTE_NANOS = 60_000_000_000L;
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final Map<Channel, Set<Subscription>> byChannel = new ConcurrentHashMap<>();
    private final Map<String, Long> revokedAt = new ConcurrentHashMap<>();
    private final Map<String, Integer> byAccount = new ConcurrentHashMap<>();
    private final LongSupplier ticker;
    private final int mostOfLease;
    private final PresenceListener listener;
    /** No lease of a subscriber ends before: a look at thousands of them can wait so long. */
    private final AtomicReference<Instant> nextEnd = new AtomicReference<>(Instant.MAX);

    /** With as many of one lease as one may want. */
    public Subscribers(LongSupplier ticker) {
        this(ticker, Integer.MAX_VALUE, PresenceListener.NONE);
    }

    /**
     * @param ticker nano time
     * @param mostOfLease how many of one lease there may be at once
     * @param listener hears who comes and goes
     */
    public Subscribers(LongSupplier ticker, int mostOfLease, PresenceListener listener) {
        this.ticker = ticker;
        this.mostOfLease = mostOfLease;
        this.listener = listener;
    }

    /** False when the lease has as many as it may have: the newest is refused, the others are left alone. */
    public boolean hasRoom(Lease lease) {
        return byAccount.getOrDefault(lease.account(), 0) < mostOfLease;
    }

    /** @throws RefusedException when there is no room for one more session of the lease */
    public void checkRoom(Lease lease) {
        if (!hasRoom(lease)) {
            throw full();
        }
    }

    private RefusedException full() {
        return RefusedException.tooManySessions(mostOfLease, RETRY);
    }

    /**
     * Adds a session; {@link #remove} is due when it is over.
     *
     * @throws RefusedException when the lease has as many as it may have
     */
    public void add(Subscription subscription) {
        take(subscription.lease());
        byChannel.compute(Channel.of(subscription.lease()), (channel, set) -> {
            Set<Subscription> added = set == null ? ConcurrentHashMap.newKeySet(1) : set;
            added.add(subscription);
            return added;
        });
        mayEndAt(subscription.lease().expires());
        if (revokedAt.containsKey(subscription.lease().account())) {
            subscription.session().end(SessionEnd.INVALID_TOKEN);
        }
    }

    private void take(Lease lease) {
        int now = byAccount.merge(lease.account(), 1, Integer::sum);
        if (now > mostOfLease) {
            give(lease);
            throw full();
        }
    }

    private void give(Lease lease) {
        byAccount.computeIfPresent(lease.account(), (account, count) -> count == 1 ? null : count - 1);
    }

    /**
     * Lets be known that a session that was added has come; it may write to the registry.
     *
     * @throws org.channelgateway.registry.RegistryException when that failed; then the session has to end
     */
    public void announce(Subscription subscription) {
        listener.connected(subscription);
    }

    /**
     * To be called once for each that was added.
     *
     * @param lapsed true when nothing was heard of the session any more
     */
    public void remove(Subscription subscription, boolean lapsed) {
        give(subscription.lease());
        byChannel.computeIfPresent(Channel.of(subscription.lease()), (channel, set) -> {
            set.remove(subscription);
            return set.isEmpty() ? null : set;
        });
        listener.disconnected(subscription, lapsed);
    }

    Collection<Subscription> of(Channel channel) {
        Set<Subscription> set = byChannel.get(channel);
        return set == null ? List.of() : set;
    }

    /** How many sessions there are in all. */
    public int count() {
        return byChannel.values().stream().mapToInt(Set::size).sum();
    }

    @Override
    public List<Handed> deliver(List<Headline> headlines) {
        return headlines.stream().map(this::deliver).toList();
    }

    private Handed deliver(Headline headline) {
        int receivers = 0;
        int refusals = 0;
        boolean isOneBehind = false;
        for (Subscription subscription : of(headline.channel())) {
            if (isHanded(subscription, headline.shared())) {
                receivers++;
                isOneBehind |= subscription.session().isBehind();
            } else {
                refusals++;
            }
        }
        return new Handed(receivers, refusals, isOneBehind);
    }

    /** One session that fails keeps no other from its message. */
    private static boolean isHanded(Subscription subscription, EncodedStanza stanza) {
        try {
            return subscription.session().deliver(stanza);
        } catch (RuntimeException e) {
            LOG.error("a session could not be handed a message", e);
            return false;
        }
    }

    @Override
    public boolean hasOneBehind(Channel channel) {
        return of(channel).stream().anyMatch(one -> one.session().isBehind());
    }

    @Override
    public int count(Channel channel) {
        return of(channel).size();
    }

    @Override
    public void revoked(Collection<Lease> leases) {
        Set<String> accounts = new HashSet<>();
        Set<Channel> channels = new HashSet<>();
        long now = ticker.getAsLong();
        for (Lease lease : leases) {
            revokedAt.put(lease.account(), now);
            accounts.add(lease.account());
            channels.add(Channel.of(lease));
        }
        for (Channel channel : channels) {
            end(
                    of(channel),
                    subscription -> accounts.contains(subscription.lease().account()),
                    SessionEnd.INVALID_TOKEN);
        }
    }

    /** Ends the sessions whose lease is over. To be called a few times a second. */
    public void endExpired(Instant now) {
        if (!now.isBefore(nextEnd.get())) {
            nextEnd.set(Instant.MAX); // before the look: who comes meanwhile sets it again
            for (Set<Subscription> subscriptions : byChannel.values()) {
                subscriptions.forEach(
                        subscription -> mayEndAt(subscription.lease().expires()));
                end(subscriptions, subscription -> !subscription.lease().isLive(now), SessionEnd.TIMED_OUT);
            }
        }
        long noted = ticker.getAsLong() - NOTE_NANOS;
        revokedAt.values().removeIf(at -> at - noted < 0);
    }

    private void mayEndAt(Instant expires) {
        nextEnd.accumulateAndGet(expires, (known, one) -> one.isBefore(known) ? one : known);
    }

    private static void end(Collection<Subscription> of, Predicate<Subscription> which, SessionEnd why) {
        List<Subscription> ending = new ArrayList<>();
        for (Subscription subscription : of) {
            if (which.test(subscription)) {
                ending.add(subscription);
            }
        }
        ending.forEach(subscription -> subscription.session().end(why));
    }
}
