package org.channelgateway.c2s;

import java.security.SecureRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.channelgateway.limit.Networks;
import org.channelgateway.limit.Pacer;
import org.channelgateway.limit.PlaceLimits;
import org.channelgateway.limit.Places;
import org.channelgateway.socket.RefusedConnection;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stream.StreamError;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/** Lets connections in and streams begin, as many and as fast as may be; the others are told why not. Thread-safe. */
final class Entrance {
    /** What a connection becomes that is let in. */
    interface Guest {
        AbstractConnection link(Places.Place place);
    }

    private static final StreamError NO_ROOM =
            new StreamError("resource-constraint", "connections: too many (expected: fewer, later)");
    private static final StreamError TOO_FAST = new StreamError(
            "resource-constraint", "connections: too many of this address at once (expected: fewer, later)");

    private final Places places;
    private final Networks networks;
    private final Pacer pacer;
    private final RefusalCounts refusals;
    private final SecureRandom random;
    private final Semaphore told = new Semaphore(RefusedConnection.MOST_TOLD);

    /** @param random for the ids of streams */
    Entrance(PlaceLimits limits, Pacer pacer, RefusalCounts refusals, SecureRandom random) {
        this.places = new Places(limits);
        this.networks = limits.networks();
        this.pacer = pacer;
        this.refusals = refusals;
        this.random = random;
    }

    /** What speaks on a socket: {@code guest}, or what says that there is no room. */
    AbstractConnection enter(EndPoint endPoint, Executor executor, String address, Guest guest) {
        Places.Entry entry = places.enter(address);
        if (!(entry instanceof Places.Entry.Taken taken)) {
            return refused(endPoint, executor, NO_ROOM, ((Places.Entry.Full) entry).reason());
        }
        if (!pacer.mayOpen(networks.counted(address))) { // before TLS: each handshake costs much
            taken.place().leave();
            return refused(endPoint, executor, TOO_FAST, "paced-of-address");
        }
        return guest.link(taken.place());
    }

    private AbstractConnection refused(EndPoint endPoint, Executor executor, StreamError why, String reason) {
        refusals.add(C2sServer.DOOR, reason);
        return new RefusedConnection(
                endPoint,
                executor,
                told,
                () -> StreamXml.utf8(StreamHeader.response(random, null, null) + StreamXml.error(why)));
    }

    /** What a new stream is told that is not let in; null when it is. */
    @Nullable
    StreamError pace() {
        int wait = pacer.enter();
        if (wait == 0) {
            return null;
        }
        refusals.add(C2sServer.DOOR, "paced");
        return new StreamError(
                "resource-constraint", "sessions: too many are being opened (expected: again in " + wait + " s)");
    }
}
