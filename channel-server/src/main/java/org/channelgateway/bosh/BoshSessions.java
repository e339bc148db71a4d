package org.channelgateway.bosh;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.FullException;
import org.channelgateway.limit.HeapRoom;
import org.channelgateway.limit.Networks;
import org.channelgateway.limit.PlaceLimits;
import org.channelgateway.limit.Places;
import org.channelgateway.limit.Retry;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.SessionLoad;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.stream.StreamError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All BOSH sessions of this process. Thread-safe. */
public final class BoshSessions {
    private static final Logger LOG = LoggerFactory.getLogger(BoshSessions.class);

    private static final Duration RETRY = Duration.ofSeconds(30);
    private static final Duration RETRY_EARLY = Duration.ofSeconds(1);
    /** Of the heap: for requests that wait for an earlier one, which come when a network turns two around. */
    private static final int EARLY_PART = 16;
    /**
     * How often all sessions are looked at; in between only those that were due within twice that. Nothing that happens meanwhile makes
     * one due earlier: wait and inactivity are a second at least.
     */
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private final BoshConfig config;
    private final Places places;
    private final Networks networks;
    private final Backlog backlog;
    private final HeapRoom early = HeapRoom.part(EARLY_PART);
    private final RefusalCounts refusals;
    private final LongSupplier ticker;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, BoshSession> bySid = new ConcurrentHashMap<>();
    private final LongAdder slowConsumers = new LongAdder();
    private final EndedSessions ended;
    private volatile boolean stopping;

    /** Those that may be due before the next look at all. Confined to the thread that calls {@link #tick}, like the next. */
    private final List<BoshSession> soon = new ArrayList<>();

    private long nextLook;

    /** With the default bounds on how many there may be. */
    public BoshSessions(BoshConfig config, LongSupplier ticker, RefusalCounts refusals) {
        this(config, PlaceLimits.OF_BOSH, new Backlog(Long.MAX_VALUE / 2), ticker, refusals);
    }

    /**
     * @param backlog what waits for all clients together
     * @param ticker nano time, for wait and inactivity
     * @param refusals counts what is refused at the door {@code bosh}
     */
    public BoshSessions(
            BoshConfig config, PlaceLimits limits, Backlog backlog, LongSupplier ticker, RefusalCounts refusals) {
        this.config = config;
        this.places = new Places(limits);
        this.networks = limits.networks();
        this.backlog = backlog;
        this.ticker = ticker;
        this.refusals = refusals;
        this.nextLook = ticker.getAsLong();
        this.ended = new EndedSessions(config.inactivity().toNanos());
    }

    /** What an address is counted under. */
    Networks networks() {
        return networks;
    }

    /** Has room for the requests that wait for an earlier one of their session. */
    HeapRoom early() {
        return early;
    }

    static FullException noRoomForEarly() {
        return new FullException(
                "rid: not the next one, and too many requests wait for an earlier one (expected: again soon)",
                false,
                "early",
                Retry.after(RETRY_EARLY));
    }

    /** The same for a browser of which no address is known. */
    public BoshSession attach(Function<BoshSession, StreamApplication.Stream> opener) {
        return attach("", opener);
    }

    /**
     * Makes a session that a browser goes on with, without a creation request of its own.
     *
     * @param address the IP address that it is asked for from
     * @throws FullException when there is no room for it
     */
    public BoshSession attach(String address, Function<BoshSession, StreamApplication.Stream> opener) {
        // far enough below the greatest rid for any session's life
        Rid first = new Rid(1 + random.nextLong(Rid.MAX / 2));
        Places.Place place = placeOf(places.enterLoggedIn(address));
        return open(first, BoshTerms.of(config), ContentType.TEXT_XML_UTF8, address, place, opener);
    }

    /** @throws FullException when there is no room for it */
    BoshSession create(BoshRequest request, BoshRequest.Creation asked, String address, StreamApplication application) {
        Places.Place place = placeOf(places.enter(address));
        return open(request.rid(), BoshTerms.of(config, asked), asked.content(), address, place, application::open);
    }

    /**
     * Looks whether a session could be created; it may be gone a moment later.
     *
     * @throws FullException when there is no room for it
     */
    void checkRoom(String address) {
        placeOf(places.enter(address)).leave();
    }

    /**
     * The same for one that would be attached.
     *
     * @throws FullException when there is no room for it
     */
    public void checkRoomLoggedIn(String address) {
        placeOf(places.enterLoggedIn(address)).leave();
    }

    private static Places.Place placeOf(Places.Entry entry) {
        if (entry instanceof Places.Entry.Taken taken) {
            return taken.place();
        }
        Places.Entry.Full full = (Places.Entry.Full) entry;
        throw new FullException(
                "sessions: too many" + (full.ofAddress() ? " of this address" : "") + " (expected: fewer, later)",
                full.ofAddress(),
                full.reason(),
                Retry.after(RETRY));
    }

    private BoshSession open(
            Rid first,
            BoshTerms terms,
            ContentType content,
            String address,
            Places.Place place,
            Function<BoshSession, StreamApplication.Stream> opener) {
        BoshSession session = new BoshSession(Sid.random(random), first, terms, content, address, this, place);
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
        if (now - nextLook >= 0) {
            nextLook = now + LOOK_NANOS;
            soon.clear();
            bySid.values().stream()
                    .filter(session -> session.isDue(now + 2 * LOOK_NANOS))
                    .forEach(soon::add);
        }
        for (BoshSession session : soon) {
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
        stop().forEach(Runnable::run);
    }

    void ended(BoshSession session) {
        bySid.remove(session.sid().value());
        session.place().leave();
    }

    /** Those for which stanzas may wait. */
    public Collection<? extends Backlog.Reader> readers() {
        return Collections.unmodifiableCollection(bySid.values());
    }

    Backlog backlog() {
        return backlog;
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
