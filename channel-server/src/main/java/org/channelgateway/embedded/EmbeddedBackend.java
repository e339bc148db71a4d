package org.channelgateway.embedded;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.channelgateway.api.xmpp.ChannelIqs;
import org.channelgateway.bosh.BoshHandler;
import org.channelgateway.bosh.BoshSession;
import org.channelgateway.bosh.BoshSessions;
import org.channelgateway.bosh.BoshTerms;
import org.channelgateway.channel.Credentials;
import org.channelgateway.channel.Subscribers;
import org.channelgateway.channel.XmppBackend;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.Token;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.Traffic;
import org.channelgateway.stream.AsciiCase;
import org.channelgateway.stream.ClientFilter;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.xml.EncodedStanza;

/** An XMPP server in this process: BOSH sessions and TCP connections below, Vysper to answer them. Thread-safe. */
public final class EmbeddedBackend implements XmppBackend, StreamApplication {
    private static final String FEATURES = "<stream:features xmlns:stream='http://etherx.jabber.org/streams'>";
    static final EncodedStanza FEATURES_BEFORE = new EncodedStanza(FEATURES + "<mechanisms xmlns='" + Namespaces.SASL
            + "'><mechanism>PLAIN</mechanism></mechanisms></stream:features>");
    static final EncodedStanza FEATURES_AFTER = new EncodedStanza(FEATURES + "<bind xmlns='" + Namespaces.BIND
            + "'/><session xmlns='" + Namespaces.SESSION + "'><optional/></session></stream:features>");

    private final String domain;
    private final BoshSessions sessions;
    private final Credentials credentials;
    private final Subscribers subscribers;
    private final ClientFilter filter;
    private final VysperServer vysper;
    private final ChannelIqs service;
    private final FailedLogins failedLogins;
    private final BiConsumer<Duration, Runnable> later;
    private final Duration bindTime;
    private final LongSupplier ticker;
    private final Traffic traffic;
    private final RefusalCounts refusals;
    /** Sessions that have not bound yet, and the nano time at which they have to. */
    private final Map<ClientSession, Long> unbound = new ConcurrentHashMap<>();
    /** How many have, by the kind of their transport. */
    private final Map<String, AtomicInteger> bound = new ConcurrentHashMap<>();

    /**
     * @param serviceJid the address of the channel service
     * @param service answers what is asked there
     * @param later runs a short task after a while
     * @param bindTime longest time from the first request of a session to its bind
     * @param ticker nano time, for how long a login may take
     * @param traffic counts who came in
     * @param refusals counts who did not
     */
    public EmbeddedBackend(
            String domain,
            String serviceJid,
            BoshSessions sessions,
            Credentials credentials,
            Subscribers subscribers,
            ChannelIqs service,
            BiConsumer<Duration, Runnable> later,
            Duration bindTime,
            LongSupplier ticker,
            Traffic traffic,
            RefusalCounts refusals) {
        this.domain = domain;
        this.sessions = sessions;
        this.credentials = credentials;
        this.subscribers = subscribers;
        this.filter = new ClientFilter(domain, serviceJid);
        this.vysper = new VysperServer(domain, serviceJid);
        this.service = service;
        this.failedLogins = new FailedLogins(ticker);
        this.later = later;
        this.bindTime = bindTime;
        this.ticker = ticker;
        this.traffic = traffic;
        this.refusals = refusals;
    }

    @Override
    public boolean serves(String name) {
        return AsciiCase.areSame(name, domain);
    }

    @Override
    public Stream open(ClientTransport transport) {
        return new ClientSession(this, transport).start();
    }

    @Override
    public boolean isUp() {
        return !sessions.isStopping();
    }

    @Override
    public List<Runnable> stop() {
        return sessions.stop();
    }

    @Override
    public void checkRoom(Lease lease, String address) {
        subscribers.checkRoom(lease);
        sessions.checkRoomLoggedIn(address);
    }

    /** The token says nothing more here: the lease is known to be its own. */
    @Override
    public Attached connect(Lease lease, Token token, String address) {
        ClientSession[] made = new ClientSession[1];
        BoshSession session = sessions.attach(address, transport -> {
            made[0] = new ClientSession(this, transport);
            return made[0].startBound(lease);
        });
        BoshTerms terms = session.terms();
        return new Attached(
                String.valueOf(made[0].jid()),
                session.sid().value(),
                session.firstRid().value(),
                terms.waitTime(),
                terms.hold(),
                terms.requests(),
                terms.inactivity(),
                BoshHandler.PATH);
    }

    @Override
    public void disconnect(String sid) {
        BoshSession session = sessions.find(sid);
        if (session != null) {
            session.terminate(null, null);
        }
    }

    @Override
    public void close() {
        sessions.shutdown();
    }

    /** Ends the sessions that took too long to log in and bind. To be called now and then. */
    public void tick() {
        failedLogins.tick();
        long now = ticker.getAsLong();
        unbound.forEach((session, due) -> {
            if (now - due >= 0) {
                session.endUnbound();
            }
        });
    }

    /** How many sessions have not bound yet. */
    public int unbound() {
        return unbound.size();
    }

    /** How many sessions over transports of {@code kind} have bound and are not over. */
    public int bound(String kind) {
        AtomicInteger count = bound.get(kind);
        return count == null ? 0 : count.get();
    }

    /** How many entries Vysper has of sessions that are bound. */
    public int resources() {
        return vysper.resources().size();
    }

    void await(ClientSession session) {
        unbound.put(session, ticker.getAsLong() + bindTime.toNanos());
    }

    void forget(ClientSession session) {
        unbound.remove(session);
    }

    /** A session has bound; {@link #left} is due when it is over. */
    void entered(ClientSession session) {
        countBound(session.transport().kind(), 1);
        unbound.remove(session);
    }

    /** One that had bound is over. */
    void left(ClientSession session) {
        countBound(session.transport().kind(), -1);
    }

    private void countBound(String kind, int more) {
        bound.computeIfAbsent(kind, name -> new AtomicInteger()).addAndGet(more);
    }

    Traffic traffic() {
        return traffic;
    }

    String domain() {
        return domain;
    }

    Credentials credentials() {
        return credentials;
    }

    FailedLogins failedLogins() {
        return failedLogins;
    }

    RefusalCounts refusals() {
        return refusals;
    }

    ChannelIqs service() {
        return service;
    }

    void later(Duration wait, Runnable task) {
        later.accept(wait, task);
    }

    Subscribers subscribers() {
        return subscribers;
    }

    ClientFilter filter() {
        return filter;
    }

    VysperServer vysper() {
        return vysper;
    }
}
