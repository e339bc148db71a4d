package org.channelgateway.dev;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.channelgateway.channel.Channel;
import org.channelgateway.channel.RefusedException;
import org.channelgateway.channel.Subscribers;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.FullException;
import org.channelgateway.limit.Places;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.RegistryException;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.Traffic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of clients that poll as with Google's development server. Thread-safe. */
public final class DevConnections implements AutoCloseable {
    static final String DOOR = "dev";

    private static final Logger LOG = LoggerFactory.getLogger(DevConnections.class);
    private static final Duration RETRY = Duration.ofSeconds(30);
    private static final Duration RESTART = Duration.ofSeconds(2);

    /** The connections of one channel; changed only inside {@code compute} of the map that it is in. */
    private static final class Numbered {
        private final Map<String, DevConnection> open = new ConcurrentHashMap<>(2);
        private int next;
        /** Until then one of its tokens is good, and no number is given again. */
        private Instant until = Instant.MIN;
    }

    private final DevConfig config;
    private final Places places;
    private final Subscribers subscribers;
    private final Backlog backlog;
    private final LongSupplier ticker;
    private final Traffic traffic;
    private final RefusalCounts refusals;
    private final Map<Channel, Numbered> byChannel = new ConcurrentHashMap<>();
    private volatile boolean isStopping;

    /**
     * @param places how many there may be
     * @param backlog what waits for all clients together
     * @param ticker nano time, for inactivity
     */
    public DevConnections(
            DevConfig config,
            Places places,
            Subscribers subscribers,
            Backlog backlog,
            LongSupplier ticker,
            Traffic traffic,
            RefusalCounts refusals) {
        this.config = config;
        this.places = places;
        this.subscribers = subscribers;
        this.backlog = backlog;
        this.ticker = ticker;
        this.traffic = traffic;
        this.refusals = refusals;
    }

    /**
     * Makes a connection that receives what is published to the key of {@code lease} from now on.
     *
     * @param address the IP address that it is asked for from
     * @return its id, {@code connection-} and a number that counts those of the key
     * @throws RefusedException when the lease has as many as it may have
     * @throws FullException when there is no room for it, or the gateway stops
     * @throws RegistryException when its application cannot be told
     */
    String connect(Lease lease, String address) {
        Places.Entry entry = places.enterLoggedIn(address);
        if (entry instanceof Places.Entry.Full full) {
            refusals.add(DOOR, full.reason());
            throw new FullException(
                    "connections: too many (expected: fewer, later)", full.ofAddress(), full.reason(), RETRY);
        }
        DevConnection made = register(lease, ((Places.Entry.Taken) entry).place());
        try {
            subscribers.add(made.subscription());
        } catch (RefusedException e) {
            forget(made);
            refusals.add(DOOR, e.reason());
            throw e;
        }
        announce(made); // first: its end is told after that
        if (!made.open()) { // T2 ended it, or the gateway, before T1 came here
            ended(made, false);
        }
        if (isStopping) { // after it was added: whoever stops has seen it, or it sees that
            boolean unused = made.end();
            throw new FullException("the gateway is stopping", false, "stopping", RESTART);
        }
        traffic.connected(DOOR);
        return made.id();
    }

    private void announce(DevConnection made) {
        try {
            subscribers.announce(made.subscription());
        } catch (RegistryException e) { // nobody can be told
            boolean unused = made.end();
            ended(made, false); // it is not open, so its end has not done that
            throw e;
        }
    }

    private DevConnection register(Lease lease, Places.Place place) {
        DevConnection[] made = new DevConnection[1];
        byChannel.compute(channel(lease), (channel, known) -> {
            Numbered numbered = known == null ? new Numbered() : known;
            made[0] = new DevConnection(this, lease, "connection-" + numbered.next, place, ticker.getAsLong());
            numbered.next++;
            numbered.until = lease.expires().isAfter(numbered.until) ? lease.expires() : numbered.until;
            numbered.open.put(made[0].id(), made[0]);
            return numbered;
        });
        return made[0];
    }

    private static Channel channel(Lease lease) {
        return new Channel(lease.app(), lease.key());
    }

    /** The connection that was made with the same token; null when there is none. */
    @Nullable
    DevConnection find(Lease lease, String id) {
        Numbered numbered = byChannel.get(channel(lease));
        DevConnection found = numbered == null ? null : numbered.open.get(id);
        boolean same = found != null && found.subscription().lease().account().equals(lease.account());
        return same ? found : null;
    }

    /** Ends those that nobody polls, and forgets the numbers of channels that nobody can come back to. */
    public void tick(Instant now) {
        long nanos = ticker.getAsLong();
        for (DevConnection connection : readers()) {
            if (connection.silence(nanos) >= config.inactivity().toNanos() && connection.lapse()) {
                LOG.debug("a dev connection ended: nobody polls it");
            }
        }
        for (Channel channel : byChannel.keySet()) {
            byChannel.computeIfPresent(
                    channel,
                    (same, numbered) -> numbered.open.isEmpty() && numbered.until.isBefore(now) ? null : numbered);
        }
    }

    /** How many there are. */
    public int count() {
        return byChannel.values().stream()
                .mapToInt(numbered -> numbered.open.size())
                .sum();
    }

    /** Those for which messages may wait. */
    public Collection<DevConnection> readers() {
        List<DevConnection> all = new ArrayList<>();
        byChannel.values().forEach(numbered -> all.addAll(numbered.open.values()));
        return all;
    }

    /** Makes no more, and ends those that are there: the gateway stops. */
    @Override
    public void close() {
        isStopping = true;
        readers().forEach(DevConnection::end);
    }

    /** @param lapsed true when nothing was heard of it any more */
    void ended(DevConnection connection, boolean lapsed) {
        subscribers.remove(connection.subscription(), lapsed);
        forget(connection);
    }

    private void forget(DevConnection connection) {
        byChannel.computeIfPresent(channel(connection.subscription().lease()), (channel, numbered) -> {
            numbered.open.remove(connection.id());
            return numbered;
        });
        connection.place().leave();
    }

    void slow(DevConnection connection) {
        refusals.add(DOOR, "not-reading");
        LOG.warn(
                "a dev connection of the app {} ended: it polls too seldom for what is sent to it",
                connection.subscription().lease().app());
    }

    DevConfig config() {
        return config;
    }

    Backlog backlog() {
        return backlog;
    }

    long nanoTime() {
        return ticker.getAsLong();
    }
}
