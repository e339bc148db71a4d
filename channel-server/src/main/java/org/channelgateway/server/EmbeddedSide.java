package org.channelgateway.server;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.channelgateway.api.xmpp.ChannelIqs;
import org.channelgateway.bosh.BoshConfig;
import org.channelgateway.bosh.BoshHandler;
import org.channelgateway.bosh.BoshSessions;
import org.channelgateway.c2s.C2sServer;
import org.channelgateway.channel.Audience;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.Credentials;
import org.channelgateway.channel.Subscribers;
import org.channelgateway.channel.XmppBackend;
import org.channelgateway.config.Loopback;
import org.channelgateway.config.Settings;
import org.channelgateway.dev.DevConfig;
import org.channelgateway.dev.DevConnections;
import org.channelgateway.dev.DevRoutes;
import org.channelgateway.embedded.EmbeddedBackend;
import org.channelgateway.http.Route;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.Pacer;
import org.channelgateway.limit.Places;
import org.channelgateway.ops.Observed;
import org.channelgateway.registry.Leases;
import org.jspecify.annotations.Nullable;

/** The XMPP server in this process: BOSH, TCP, and the clients of Google's development server. */
final class EmbeddedSide implements XmppSide {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration SLOW_TICK = Duration.ofSeconds(1);

    private final Settings settings;
    private final Core.Shared shared;
    private final C2sServer c2s;
    private final Subscribers subscribers;
    private final BoshSessions sessions;
    private final EmbeddedBackend backend;
    private final DevConnections dev;
    private final Leases leases;

    private EmbeddedSide(
            Settings settings, Core.Shared shared, C2sServer c2s, Subscribers subscribers, Core.Service service) {
        this.settings = settings;
        this.shared = shared;
        this.c2s = c2s;
        this.subscribers = subscribers;
        this.leases = service.registry().leases();
        this.sessions = new BoshSessions(
                settings.bosh(), settings.limits().bosh(), shared.backlog(), shared.ticker(), shared.refusals());
        this.backend = backend(settings, shared, sessions, subscribers, service);
        this.dev = dev(settings, shared, subscribers, service);
    }

    /** @param c2s at its address already */
    static Draft draft(Settings settings, Core.Shared shared, C2sServer c2s, Core.Base base) {
        Subscribers subscribers =
                new Subscribers(shared.ticker(), settings.limits().channels().sessionsPerToken(), base.callbacks());
        return new Draft() {
            @Override
            public Audience audience() {
                return subscribers;
            }

            @Override
            public XmppSide finish(Core.Service service) {
                return new EmbeddedSide(settings, shared, c2s, subscribers, service);
            }
        };
    }

    private static EmbeddedBackend backend(
            Settings settings,
            Core.Shared shared,
            BoshSessions sessions,
            Subscribers subscribers,
            Core.Service service) {
        String domain = settings.xmpp().domain();
        return new EmbeddedBackend(
                domain,
                ChannelService.serviceJid(domain),
                sessions,
                new Credentials(service.registry().accounts(), service.admissions()),
                subscribers,
                new ChannelIqs(service.channels(), shared.refusals(), shared.ticker()),
                service.timer()::after,
                settings.limits().bindTime(),
                shared.ticker(),
                service.traffic(),
                shared.refusals());
    }

    private static DevConnections dev(
            Settings settings, Core.Shared shared, Subscribers subscribers, Core.Service service) {
        BoshConfig bosh = settings.bosh();
        return new DevConnections(
                new DevConfig(bosh.inactivity(), bosh.maxQueuedStanzas(), bosh.maxQueuedBytes()),
                new Places(settings.limits().bosh()),
                subscribers,
                shared.backlog(),
                shared.ticker(),
                service.traffic(),
                shared.refusals());
    }

    @Override
    public XmppBackend backend() {
        return backend;
    }

    @Override
    public List<Route> routes(Core.Service service, Supplier<Pacer> pacers) {
        boolean isOpen = settings.login() == Settings.Login.OPEN;
        List<Route> routes = new ArrayList<>();
        routes.add(
                new BoshHandler(sessions, backend, isOpen, settings.limits().stanzas(), pacers.get(), shared.refusals())
                        .route());
        if (hasDev()) {
            boolean fromAnywhere = settings.http().dev() == Settings.Dev.ANYBODY;
            routes.addAll(
                    new DevRoutes(service.admissions(), dev, fromAnywhere, pacers.get(), shared.refusals()).routes());
        }
        return routes;
    }

    private boolean hasDev() {
        return settings.http().dev() == Settings.Dev.ANYBODY
                || (settings.http().dev() == Settings.Dev.THIS_MACHINE
                        && Loopback.is(settings.http().host()));
    }

    @Override
    public void keepTime(Timer timer) {
        timer.every(TICK, sessions::tick);
        timer.every(TICK, c2s::relieve);
        timer.every(TICK, () -> subscribers.endExpired(leases.now()));
        timer.every(SLOW_TICK, c2s::tick);
        timer.every(SLOW_TICK, backend::tick);
        timer.every(SLOW_TICK, () -> dev.tick(leases.now()));
    }

    @Override
    public void check() {}

    @Override
    public void start() {
        c2s.start(backend);
    }

    @Override
    public InetSocketAddress address() {
        return c2s.address();
    }

    @Override
    public List<Runnable> stop() {
        dev.close(); // no request of theirs is held, so that they come back one by one anyway
        return Drain.mixed(backend.stop(), c2s.stop());
    }

    @Override
    public void ended() {
        c2s.close();
    }

    @Override
    public Census census() {
        return new Census(sessions.count(), c2s.count(), backend.unbound(), subscribers.count(), backend.resources());
    }

    @Override
    public DoubleSupplier subscribed() {
        return subscribers::count;
    }

    @Override
    public Observed.Clients clients() {
        return new Observed.Clients(sessions, c2s, dev, backend);
    }

    @Override
    public Observed.@Nullable Remote remote() {
        return null;
    }

    @Override
    public List<Backlog.Reader> readers() {
        List<Backlog.Reader> readers = new ArrayList<>(sessions.readers());
        readers.addAll(c2s.readers());
        readers.addAll(dev.readers());
        return readers;
    }

    @Override
    public void release() {
        backend.close();
    }

    /** It was released before. */
    @Override
    public void close() {}
}
