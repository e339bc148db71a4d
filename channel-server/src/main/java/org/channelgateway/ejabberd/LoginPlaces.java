package org.channelgateway.ejabberd;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.channelgateway.limit.FullException;
import org.channelgateway.limit.Networks;
import org.channelgateway.limit.PlaceLimits;
import org.channelgateway.limit.Quota;
import org.channelgateway.limit.Quota.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Room for sessions that were made through this gateway and have not logged in, in all and of one address. A place is free when the login
 * is seen to succeed, or when the time for it is over: it may have been seen by another gateway. Thread-safe.
 */
public final class LoginPlaces {
    private final Networks networks;
    private final Quota quota;
    private final long nanos;
    private final LongSupplier ticker;
    private final Map<String, Place> bySid = new ConcurrentHashMap<>();
    /** In the order of their time. */
    private final Queue<Place> places = new ConcurrentLinkedQueue<>();

    /**
     * @param limits of which those of clients that have not logged in are kept
     * @param loginTime how long a login may take
     * @param ticker nano time
     */
    public LoginPlaces(PlaceLimits limits, Duration loginTime, LongSupplier ticker) {
        networks = limits.networks();
        quota = new Quota(limits.mostLogins(), limits.mostLoginsPerAddress(), limits.networks());
        nanos = loginTime.toNanos();
        this.ticker = ticker;
    }

    /** What an address is counted under. */
    Networks networks() {
        return networks;
    }

    /** The place of one session. */
    final class Place {
        private final @Nullable String network;
        private final long since = ticker.getAsLong();
        private final AtomicBoolean isFree = new AtomicBoolean();
        private volatile String sid = "";

        private Place(@Nullable String network) {
            this.network = network;
        }

        /** The session is made. */
        void of(String made) {
            sid = made;
            bySid.put(made, this);
            if (isFree.get()) { // it took longer than it may
                bySid.remove(made, this);
            }
        }

        /** No session has it any more. */
        void free() {
            if (!isFree.getAndSet(true)) {
                bySid.remove(sid, this);
                quota.leave(network);
            }
        }
    }

    /**
     * A session is to be made.
     *
     * @throws FullException when there is no room for it
     */
    Place enter(String address) {
        String network = quota.network(address);
        Verdict verdict = quota.enter(network);
        if (verdict != Verdict.TAKEN) {
            throw PollPlaces.full(verdict, verdict.reason() + "-without-login");
        }
        Place place = new Place(network);
        places.add(place);
        return place;
    }

    /** A session has logged in. */
    void loggedIn(String sid) {
        Place place = bySid.get(sid);
        if (place != null) {
            place.free();
        }
    }

    /** Frees those whose time is over. To be called now and then. */
    void tick() {
        long now = ticker.getAsLong();
        for (Place oldest = places.peek(); oldest != null && isOver(oldest, now); oldest = places.peek()) {
            places.remove(oldest);
            oldest.free();
        }
    }

    private boolean isOver(Place place, long now) {
        return place.isFree.get() || now - place.since >= nanos;
    }

    /** How many have a place. */
    public int count() {
        return quota.count();
    }
}
