package org.channelgateway.ejabberd;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.channelgateway.limit.FullException;

/** The requests that are passed on and have no answer, with what each of them takes. Thread-safe. */
final class HeldPolls {
    private final PollPlaces places;
    private final LoginPlaces logins;
    private final LeaseEnds ends;
    private final RequestOrder order;
    private final Set<PassedOn> held = ConcurrentHashMap.newKeySet();
    private volatile boolean isStopping;

    /**
     * @param time what the end of a lease is judged by
     * @param longestHold after which each request has an outcome
     */
    HeldPolls(PollPlaces places, LoginPlaces logins, InstantSource time, Duration longestHold, RequestOrder order) {
        this.places = places;
        this.logins = logins;
        this.ends = new LeaseEnds(time, longestHold);
        this.order = order;
    }

    /** @throws FullException when there is no room for its session */
    void enter(String sid, String address) {
        places.enter(sid, address);
    }

    /** A request that has entered is not passed on. */
    void leave(String sid) {
        places.leave(sid);
    }

    /** @throws FullException when there is no room for it */
    LoginPlaces.Place enterLogin(String address) {
        return logins.enter(address);
    }

    void loggedIn(String sid) {
        logins.loggedIn(sid);
    }

    boolean isOver(BoshPath path) {
        return ends.isOver(path.expiry());
    }

    void start(PassedOn request) {
        held.add(request);
        if (isStopping) {
            request.comeAgain();
        } else {
            request.start(ends, order);
        }
    }

    /**
     * Its client is answered, or will be at once.
     *
     * @param isAnswered by ejabberd, too
     */
    void over(PassedOn request, boolean isAnswered) {
        held.remove(request);
        LeaseEnds.End end = request.leaseEnd();
        if (end != null) {
            ends.forget(end);
        }
        if (!request.sid().isEmpty()) {
            places.leave(request.sid());
            order.over(request.sid(), request.rid(), isAnswered);
        }
    }

    /** Answers what is held and whatever comes, so that it comes again, to another gateway. */
    void stop() {
        isStopping = true;
        held.forEach(PassedOn::comeAgain);
    }

    void tick() {
        ends.tick();
        logins.tick();
        order.tick();
    }

    int count() {
        return held.size();
    }
}
