package org.channelgateway.callback;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.channelgateway.channel.Channel;
import org.channelgateway.channel.PresenceListener;
import org.channelgateway.channel.Subscription;
import org.channelgateway.registry.Callback;
import org.channelgateway.registry.CallbackState;
import org.channelgateway.registry.Callbacks;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.PresenceId;
import org.channelgateway.registry.Presences;
import org.channelgateway.registry.RegistryException;
import org.channelgateway.registry.Sessions;
import org.channelgateway.registry.TooManyCallbacksException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells applications who came and went and what their pages sent. What is to be told is in the registry before anybody goes on,
 * and is posted from there. Thread-safe.
 *
 * <p>T1 lets a session be known while T2 ends it: T2 may note its end before T1 has noted its beginning, and then that is left
 * out. T1 looks afterwards whether the presence is still in use, and notes its end again when it is not. It may be in use by
 * another session that came in the place of the first.
 */
public final class ApplicationCallbacks implements PresenceListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApplicationCallbacks.class);

    private final Map<String, CallbackTarget> targets;
    private final CallbackConfig config;
    private final Callbacks callbacks;
    private final Presences presences;
    private final CallbackCounts counts = new CallbackCounts();
    /** Null when nobody is called back. */
    private final @Nullable CallbackDispatcher dispatcher;

    private final SecureRandom random = new SecureRandom();
    private final Map<Subscription, PresenceId> present = new ConcurrentHashMap<>();
    private final Departures departures = new Departures();
    private volatile boolean stopping;

    /** @param targets where applications are called back, by their names; others are told nothing */
    public ApplicationCallbacks(
            Map<String, CallbackTarget> targets, CallbackConfig config, Callbacks callbacks, Presences presences) {
        this.targets = Map.copyOf(targets);
        this.config = config;
        this.callbacks = callbacks;
        this.presences = presences;
        this.dispatcher = targets.isEmpty()
                ? null
                : new CallbackDispatcher(callbacks, presences, targets, config, departures, counts);
    }

    /**
     * Forgets what is kept for applications that are not called back. Not for each gateway of several: see {@code gc --forget-apps}.
     *
     * @throws RegistryException when it cannot be asked
     */
    public void forgetOthers() {
        int forgotten = presences.forgetOthers(targets.keySet()) + callbacks.forgetOthers(targets.keySet());
        if (forgotten > 0) {
            LOG.warn(
                    "{} sessions and callbacks are forgotten: their applications are not called back any more",
                    forgotten);
        }
    }

    /**
     * Begins to post, first what was left over. Sessions that were lost with the gateway before are told to be over, unless they come
     * back.
     *
     * @param comeback how long they have for that
     * @throws RegistryException when it cannot be asked
     */
    public void start(Duration comeback) {
        if (dispatcher == null) {
            return;
        }
        int lost = presences.departAll(comeback);
        int begun = callbacks.requeue();
        if (lost > 0 || begun > 0) {
            LOG.info("{} sessions have {} to come back, {} callbacks are posted again", lost, comeback, begun);
        }
        dispatcher.start();
    }

    /** True when the application has an address to be called back at. */
    public boolean isCalledBack(String app) {
        return targets.containsKey(app);
    }

    @Override
    public void connected(Subscription subscription) {
        String app = subscription.lease().app();
        if (!hears(app)) {
            return;
        }
        Channel channel = Channel.of(subscription.lease());
        Optional<PresenceId> left = departures.takeBack(channel, callbacks.now());
        if (left.isPresent()) {
            present.put(subscription, left.get());
        } else {
            arrive(subscription, channel);
        }
    }

    private void arrive(Subscription subscription, Channel channel) {
        PresenceId id = PresenceId.random(random);
        departures.use(id);
        present.put(subscription, id);
        try {
            presences.arrive(id, channel.app(), channel.key(), departures.of(channel));
        } catch (TooManyCallbacksException e) {
            present.remove(subscription);
            departures.drop(id);
            counts.countDropped();
            LOG.debug("a session of {} is not told: {}", channel.app(), e.getMessage());
            return;
        } catch (RegistryException e) {
            present.remove(subscription);
            depart(channel, id, Duration.ZERO); // it may have been written all the same
            throw e;
        }
        if (departures.leaveAgain(channel, departure(id, config.grace()))) {
            LOG.debug("a session of {} left before it was noted that it had come", channel.app());
        }
        wake(channel.app());
    }

    @Override
    public void disconnected(Subscription subscription, boolean lapsed) {
        PresenceId id = present.remove(subscription);
        if (id != null) {
            depart(Channel.of(subscription.lease()), id, lapsed ? Duration.ZERO : config.grace());
        }
    }

    /** Whether an application wants to hear of its sessions. */
    public boolean hears(String app) {
        CallbackTarget target = targets.get(app);
        return target != null && target.presence();
    }

    /** A session has come to an XMPP server that several gateways share; what is to be told of it is queued with its note. */
    public void came(Sessions.Opened opened) {
        String app = opened.lease().app();
        if (opened.isDropped()) {
            counts.countDropped();
            LOG.debug("a session of {} is not told: too many callbacks wait", app);
        }
        wake(app);
    }

    /** Such a session is over. */
    public void went(Lease lease) {
        wake(lease.app());
    }

    /** How long a session that is over may be taken the place of before its end is told. */
    public Duration grace() {
        return config.grace();
    }

    private void depart(Channel channel, PresenceId id, Duration grace) {
        if (stopping) {
            departures.drop(id);
        } else {
            departures.leave(channel, departure(id, grace));
            wake(channel.app());
        }
    }

    private Presences.Departure departure(PresenceId id, Duration grace) {
        return new Presences.Departure(id, callbacks.now().plus(grace));
    }

    /**
     * Queues what a page has sent.
     *
     * @param lease the page's
     * @param message at most 32767 bytes of UTF-8
     * @param id names this message when the page sends it again; empty when it never does
     * @throws TooManyCallbacksException when too much of the application waits already
     */
    public void receive(Lease lease, String message, String id) {
        String name = id.isEmpty() ? "" : lease.account() + " " + id;
        String unused = callbacks.receive(lease.app(), lease.key(), message, name);
        wake(lease.app());
    }

    private void wake(String app) {
        if (dispatcher != null) {
            dispatcher.wake(app);
        }
    }

    /** See {@link Callbacks#list}. */
    public List<Callback> list(String app, @Nullable CallbackState state, long after, int limit) {
        return callbacks.list(app, state, after, limit);
    }

    public Optional<Callback> find(String app, String name) {
        return callbacks.find(app, name);
    }

    /** Tries one again that has failed; false when there is none. */
    public boolean retry(String app, String name) {
        boolean queued = callbacks.retry(app, name);
        wake(app);
        return queued;
    }

    /** Tries all again that have failed; returns how many. */
    public int retryFailed(String app) {
        int queued = callbacks.retryFailed(app);
        wake(app);
        return queued;
    }

    /** Removes all that have failed; returns how many. */
    public int dropFailed(String app) {
        return callbacks.dropFailed(app);
    }

    /** Removes one that is not being posted; false when there is none. */
    public boolean drop(String app, String name) {
        boolean dropped = callbacks.drop(app, name);
        wake(app);
        return dropped;
    }

    public CallbackCounts counts() {
        return counts;
    }

    /** Nothing more is posted. Sessions that end from now on are not told: they come back when the gateway does, or are told then. */
    public void stop() {
        stopping = true;
        if (dispatcher != null) {
            dispatcher.stop();
        }
    }

    @Override
    public void close() {
        stop();
        if (dispatcher != null) {
            dispatcher.close();
        }
    }
}
