package org.channelgateway.bosh;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.stream.StreamError;
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
    private final EndedSessions ended;
    private final RefusalCounts refusals;
    private volatile boolean stopping;

    /**
     * @param ticker nano time, for wait and inactivity
     * @param refusals counts what is refused at the door {@code bosh}
     */
    public BoshSessions(BoshConfig config, LongSupplier ticker, RefusalCounts refusals) {
        this.config = config;
        this.ticker = ticker;
        this.refusals = refusals;
        this.ended = new EndedSessions(config.inactivity().toNanos());
    }

    /** Makes a session that a browser goes on with, without a creation request of its own. */
    public BoshSession attach(Function<BoshSession, StreamApplication.Stream> opener) {
        // far enough below the greatest rid for any session's life
        Rid first = new Rid(1 + random.nextLong(Rid.MAX / 2));
        return open(first, BoshTerms.of(config), ContentType.TEXT_XML_UTF8, "", opener);
    }

    BoshSession create(BoshRequest request, BoshRequest.Creation asked, String address, StreamApplication application) {
        return open(request.rid(), BoshTerms.of(config, asked), asked.content(), address, application::open);
    }

    private BoshSession open(
            Rid first,
            BoshTerms terms,
            ContentType content,
            String address,
            Function<BoshSession, StreamApplication.Stream> opener) {
        BoshSession session = new BoshSession(Sid.random(random), first, terms, content, address, this);
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

    /** What a request for a session is answered that is not there, or not any more. */
    byte[] gone(String sid) {
        byte[] last = ended.take(sid);
        if (last == null && !stopping) {
            refused("sid");
            return BoshXml.NOT_FOUND;
        }
        return last == null ? BoshXml.STOPPING : last;
    }

    /** Counts a refusal. */
    void refused(String reason) {
        refusals.add("bosh", reason);
    }

    public int count() {
        return bySid.size();
    }

    /** Lets every session do what its time has come for. To be called a few times a second. */
    public void tick() {
        long now = ticker.getAsLong();
        ended.tick(now);
        for (BoshSession session : bySid.values()) {
            try {
                session.tick(now);
            } catch (RuntimeException e) { // the others have their time, too
                LOG.error("session {}: its time could not be kept", session.sid(), e);
            }
        }
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

    /** Keeps the reason of an end that no request was open to be told. */
    void untold(BoshSession session, BindingCondition condition, @Nullable StreamError error) {
        if (!stopping) {
            ended.add(session.sid(), condition, error, ticker.getAsLong());
        }
    }

    BoshConfig config() {
        return config;
    }

    long nanoTime() {
        return ticker.getAsLong();
    }
}
