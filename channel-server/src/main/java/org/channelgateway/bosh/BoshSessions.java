package org.channelgateway.bosh;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.channelgateway.stats.SessionLoad;
import org.channelgateway.stream.StreamApplication;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All BOSH sessions of this process. Thread-safe. */
public final class BoshSessions {
    private static final Logger LOG = LoggerFactory.getLogger(BoshSessions.class);

    private final BoshConfig config;
    private final LongSupplier ticker;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, BoshSession> bySid = new ConcurrentHashMap<>();
    private final LongAdder slowConsumers = new LongAdder();
    private volatile boolean stopping;

    /** @param ticker nano time, for wait and inactivity */
    public BoshSessions(BoshConfig config, LongSupplier ticker) {
        this.config = config;
        this.ticker = ticker;
    }

    /** Makes a session that a browser goes on with, without a creation request of its own. */
    public BoshSession attach(Function<BoshSession, StreamApplication.Stream> opener) {
        // far enough below the greatest rid for any session's life
        Rid first = new Rid(1 + random.nextLong(Rid.MAX / 2));
        return open(first, BoshTerms.of(config), "", opener);
    }

    BoshSession create(BoshRequest request, BoshRequest.Creation asked, String address, StreamApplication application) {
        return open(request.rid(), BoshTerms.of(config, asked), address, application::open);
    }

    private BoshSession open(
            Rid first, BoshTerms terms, String address, Function<BoshSession, StreamApplication.Stream> opener) {
        BoshSession session = new BoshSession(Sid.random(random), first, terms, address, this);
        bySid.put(session.sid().value(), session);
        try {
            session.open(opener.apply(session));
            if (stopping) {
                session.terminate(BindingCondition.SYSTEM_SHUTDOWN, null);
            }
            return session;
        } catch (RuntimeException | Error e) {
            session.terminate(BindingCondition.INTERNAL_SERVER_ERROR, null);
            throw e;
        }
    }

    public @Nullable BoshSession find(String sid) {
        return bySid.get(sid);
    }

    /** True once the gateway stops: what a browser asks for was there until now. */
    public boolean isStopping() {
        return stopping;
    }

    public int count() {
        return bySid.size();
    }

    /** Lets every session do what its time has come for. To be called a few times a second. */
    public void tick() {
        long now = ticker.getAsLong();
        for (BoshSession session : bySid.values()) {
            try {
                session.tick(now);
            } catch (RuntimeException e) { // the others have their time, too
                LOG.error("session {}: its time could not be kept", session.sid(), e);
            }
        }
    }

    /** What the sessions hold at this moment; looks at each. */
    public SessionLoad load() {
        return bySid.values().stream().map(BoshSession::load).reduce(SessionLoad.NONE, SessionLoad::plus);
    }

    /** How many sessions were ended because their browser did not read. */
    public long slowConsumers() {
        return slowConsumers.sum();
    }

    void slowConsumer() {
        slowConsumers.increment();
    }

    /** Makes no more sessions: the gateway stops. Returns what ends each of those that are there, telling it why. */
    public List<Runnable> stop() {
        stopping = true;
        return bySid.values().stream()
                .<Runnable>map(session -> () -> session.terminate(BindingCondition.SYSTEM_SHUTDOWN, null))
                .toList();
    }

    /** Ends all sessions, and every one that is still made: the gateway stops. */
    public void shutdown() {
        stopping = true;
        for (BoshSession session : bySid.values()) {
            session.terminate(BindingCondition.SYSTEM_SHUTDOWN, null);
        }
    }

    void ended(BoshSession session) {
        bySid.remove(session.sid().value());
    }

    BoshConfig config() {
        return config;
    }

    long nanoTime() {
        return ticker.getAsLong();
    }
}
