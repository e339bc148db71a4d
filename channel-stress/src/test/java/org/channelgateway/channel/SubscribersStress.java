package org.channelgateway.channel;

import java.time.Instant;
import java.util.List;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.Lease;
import org.channelgateway.xml.EncodedStanza;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** Sessions that come and go while their leases are revoked and expire: none is left that should have ended. */
@Param(name = "session", gen = IntGen.class, conf = "0:1")
public class SubscribersStress {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant END = START.plusSeconds(60);
    private static final Lease LEASE = new Lease("ch-a", "app", ChannelKey.of("k"), START, END);

    /** A session that knows what it was told. */
    private static final class Session implements XmppSession {
        volatile boolean added;
        volatile boolean removed;
        volatile boolean ended;

        @Override
        public boolean deliver(EncodedStanza stanza) {
            return true;
        }

        @Override
        public void end(SessionEnd why) {
            ended = true;
        }
    }

    private final Subscribers subscribers = new Subscribers(() -> 0L);
    private final Session[] sessions = {new Session(), new Session()};
    private final Subscription[] subscriptions = {
        new Subscription(LEASE, sessions[0]), new Subscription(LEASE, sessions[1])
    };
    private volatile boolean revoked;
    private volatile boolean expired;

    @Operation
    public void connect(@Param(name = "session") int i) {
        subscribers.add(subscriptions[i]);
        sessions[i].added = true;
    }

    @Operation
    public void leave(@Param(name = "session") int i) {
        subscribers.remove(subscriptions[i], false);
        sessions[i].removed = true;
    }

    @Operation
    public void revoke() {
        subscribers.revoked(List.of(LEASE));
        revoked = true;
    }

    /** The timer, when the lease's second has come; it comes again until all are gone. */
    @Operation(runOnce = true)
    public void expire() {
        subscribers.endExpired(END);
        expired = true;
    }

    @Validate
    public void noneIsLeftThatShouldHaveEnded() {
        if (expired) {
            subscribers.endExpired(END);
        }
        for (Session session : sessions) {
            boolean stays = session.added && !session.removed;
            if (stays && (revoked || expired) && !session.ended) {
                throw new IllegalStateException("left: revoked " + revoked + ", expired " + expired);
            }
        }
    }

    @Test
    void leavesNoSessionWithoutALease() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(400)
                .threads(3)
                .actorsPerThread(2)
                .check(SubscribersStress.class);
    }
}
