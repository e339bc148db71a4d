package org.channelgateway.ejabberd;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.channelgateway.limit.FullException;
import org.channelgateway.limit.PlaceLimits;
import org.channelgateway.limit.Quota;
import org.channelgateway.limit.Quota.Verdict;
import org.channelgateway.limit.Retry;
import org.jspecify.annotations.Nullable;

/**
 * Room for the sessions of pages at this gateway, in all and of one address. A session has a place while at least one of its requests is
 * under way here: nothing else of it is asked for. Thread-safe.
 */
public final class PollPlaces {
    private static final Duration RETRY = Duration.ofSeconds(5);

    /** Of one session at once: two as BOSH has them, and two that were repeated. Others may wait for ever: ejabberd answers no old rid. */
    private static final int MOST_REQUESTS = 4;

    private final Quota quota;
    private final Map<String, Held> bySid = new ConcurrentHashMap<>();

    /**
     * A session with requests under way.
     *
     * @param network that it counts for, of its first one; null when it counts for none
     */
    private record Held(@Nullable String network, int requests) {}

    /** @param limits of which those of clients that have logged in are kept */
    public PollPlaces(PlaceLimits limits) {
        quota = new Quota(limits.most(), limits.mostPerAddress(), limits.networks());
    }

    /**
     * A request of a session comes; {@link #leave} is due when it is over.
     *
     * @throws FullException when there is no room for its session, or it has too many requests under way
     */
    void enter(String sid, String address) {
        Verdict[] verdict = {Verdict.TAKEN};
        boolean[] isBusy = {false};
        bySid.compute(sid, (id, known) -> {
            if (known != null) {
                isBusy[0] = known.requests == MOST_REQUESTS;
                if (isBusy[0]) {
                    return known;
                }
                return new Held(known.network, known.requests + 1);
            }
            String network = quota.network(address);
            verdict[0] = quota.enter(network);
            return verdict[0] == Verdict.TAKEN ? new Held(network, 1) : null;
        });
        check(verdict[0]);
        if (isBusy[0]) {
            throw new FullException(
                    "requests: too many of this session (expected: at most " + MOST_REQUESTS + " at once)",
                    false,
                    "too-many-requests",
                    Retry.after(RETRY));
        }
    }

    /** A request of a session is over. */
    void leave(String sid) {
        bySid.computeIfPresent(sid, (id, known) -> {
            if (known.requests > 1) {
                return new Held(known.network, known.requests - 1);
            }
            quota.leave(known.network);
            return null;
        });
    }

    /** @throws FullException when there is no room for one more of {@code address} */
    void checkRoom(String address) {
        String network = quota.network(address);
        Verdict verdict = quota.enter(network);
        check(verdict);
        quota.leave(network);
    }

    private static void check(Verdict verdict) {
        if (verdict != Verdict.TAKEN) {
            throw full(verdict, verdict.reason());
        }
    }

    /** In the words of the embedded server. */
    static FullException full(Verdict verdict, String reason) {
        boolean ofAddress = verdict == Verdict.FULL_FOR_ADDRESS;
        return new FullException(
                "sessions: too many" + (ofAddress ? " of this address" : "") + " (expected: fewer, later)",
                ofAddress,
                reason,
                Retry.after(RETRY));
    }

    /** How many sessions have a place. */
    public int count() {
        return quota.count();
    }
}
