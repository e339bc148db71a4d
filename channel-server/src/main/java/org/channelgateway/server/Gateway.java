package org.channelgateway.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.channelgateway.api.http.AppSecrets;
import org.channelgateway.api.http.CallbackRoutes;
import org.channelgateway.api.http.ChannelRoutes;
import org.channelgateway.api.http.MessageRoutes;
import org.channelgateway.api.http.Refusals;
import org.channelgateway.api.xmpp.ChannelIqs;
import org.channelgateway.bosh.BoshHandler;
import org.channelgateway.bosh.BoshSessions;
import org.channelgateway.c2s.C2sConfig;
import org.channelgateway.c2s.C2sServer;
import org.channelgateway.callback.ApplicationCallbacks;
import org.channelgateway.channel.Admissions;
import org.channelgateway.channel.BrowserSessions;
import org.channelgateway.channel.ChannelLimits;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.Credentials;
import org.channelgateway.channel.Subscribers;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Limits;
import org.channelgateway.config.Loopback;
import org.channelgateway.config.Settings;
import org.channelgateway.dev.DevConfig;
import org.channelgateway.dev.DevConnections;
import org.channelgateway.dev.DevRoutes;
import org.channelgateway.embedded.EmbeddedBackend;
import org.channelgateway.http.HttpConfig;
import org.channelgateway.http.HttpServer;
import org.channelgateway.http.Origins;
import org.channelgateway.http.Route;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.KeyedRates;
import org.channelgateway.limit.Line;
import org.channelgateway.limit.Pacer;
import org.channelgateway.limit.Places;
import org.channelgateway.ops.HealthRoutes;
import org.channelgateway.ops.Observed;
import org.channelgateway.registry.CallbackLimits;
import org.channelgateway.registry.LeaseLimits;
import org.channelgateway.registry.Leases;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryConfig;
import org.channelgateway.registry.RegistryException;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.Traffic;
import org.channelgateway.web.ConnectRoutes;
import org.channelgateway.web.DemoRoutes;
import org.channelgateway.web.JsapiRoutes;
import org.channelgateway.web.ReceiveRoutes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One gateway: builds its parts in order, closes them in reverse. The only wiring. */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration SLOW_TICK = Duration.ofSeconds(1);
    /** How much longer than a poll is held a connection may be silent. */
    private static final Duration IDLE_SLACK = Duration.ofSeconds(60);

    /** Where an application's cookies come along. */
    private static final int SHARED_HEADER_BYTES = 32 * 1024;

    private final Settings settings;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private final RefusalCounts refusals = new RefusalCounts();
    private final Backlog backlog;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final HttpServer http;
    private final Front front;
    private final C2sServer c2s;
    private final Supplier<Census> census;

    private Gateway(Settings settings, InstantSource clock, LongSupplier ticker) throws ConfigException {
        this.settings = settings;
        this.clock = clock;
        this.ticker = ticker;
        this.backlog = new Backlog(settings.limits().waitingBytes());
        this.http = part(address());
        try {
            this.front = Front.of(settings, http, httpConfig(), ticker, refusals);
            this.c2s = part(c2sAddress());
            this.census = build();
        } catch (RegistryException e) {
            close();
            throw new ConfigException(String.valueOf(e.getMessage()));
        } catch (ConfigException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts a gateway that serves when this returns.
     *
     * @param clock for expiry
     * @param ticker nano time, for wait and inactivity
     * @throws ConfigException when it cannot be with these settings; nothing is left running
     */
    public static Gateway start(Settings settings, InstantSource clock, LongSupplier ticker) throws ConfigException {
        return new Gateway(settings, clock, ticker);
    }

    /** Builds what answers at the two addresses; returns what counts its clients. */
    private Supplier<Census> build() throws ConfigException {
        Apps apps = Apps.of(settings);
        AppSecrets secrets = apps.secrets();
        Registry registry = part(registry());
        apps.register(registry.accounts(), clock.instant());
        Leases leases = registry.leases();
        String domain = settings.xmpp().domain();
        Limits limits = settings.limits();

        BoshSessions sessions = new BoshSessions(settings.bosh(), limits.bosh(), backlog, ticker, refusals);
        ApplicationCallbacks callbacks = part(new ApplicationCallbacks(
                apps.callbacks(settings), settings.callbacks(), registry.callbacks(), registry.presences()));
        callbacks.start(settings.bosh().inactivity());
        Subscribers subscribers = new Subscribers(ticker, limits.channels().sessionsPerToken(), callbacks);
        Admissions admissions = new Admissions(leases);
        Traffic traffic = new Traffic(ticker);
        ChannelService channels = new ChannelService(
                leases, registry.secrets(), subscribers, domain, ticker, limits.channels(), backlog, traffic);
        Timer timer = part(new Timer());
        EmbeddedBackend backend = new EmbeddedBackend(
                domain,
                ChannelService.serviceJid(domain),
                sessions,
                new Credentials(registry.accounts(), admissions),
                subscribers,
                new ChannelIqs(channels, refusals),
                timer::after,
                limits.bindTime(),
                ticker,
                traffic,
                refusals);

        DevConnections dev = new DevConnections(
                new DevConfig(
                        settings.bosh().inactivity(),
                        settings.bosh().maxQueuedStanzas(),
                        settings.bosh().maxQueuedBytes()),
                new Places(limits.bosh()),
                subscribers,
                backlog,
                ticker,
                traffic,
                refusals);
        Sweeping sweeping = part(new Sweeping(leases));
        timer.every(TICK, sessions::tick);
        timer.every(TICK, () -> backlog.relieve(() -> readers(sessions, dev)));
        timer.every(SLOW_TICK, http::tick);
        timer.every(SLOW_TICK, front::tick);
        timer.every(SLOW_TICK, c2s::tick);
        timer.every(TICK, () -> subscribers.endExpired(leases.now()));
        timer.every(SLOW_TICK, backend::tick);
        timer.every(SLOW_TICK, channels::tick);
        timer.every(SLOW_TICK, () -> dev.tick(leases.now()));

        List<Route> routes = new ArrayList<>();
        routes.add(new BoshHandler(
                        sessions, backend, settings.login() == Settings.Login.OPEN, limits.stanzas(), pacer(), refusals)
                .route());
        BrowserSessions browsers = new BrowserSessions(backend, channels);
        Line line = new Line(limits.sessionsAtOnce());
        routes.addAll(new ConnectRoutes(admissions, browsers, apps.origins(), pacer(), line, refusals).routes());
        KeyedRates sent = new KeyedRates(settings.callbacks().messagesPerSecond(), ticker);
        routes.addAll(new ReceiveRoutes(admissions, callbacks, apps.origins(), sent, refusals).routes());
        routes.addAll(new JsapiRoutes().routes());
        routes.addAll(Refusals.counted("api", refusals, new ChannelRoutes(channels, secrets).routes()));
        routes.addAll(
                Refusals.counted("api", refusals, new MessageRoutes(channels, secrets, limits.batches()).routes()));
        if (hasDev()) {
            boolean fromAnywhere = settings.http().dev() == Settings.Dev.ANYBODY;
            routes.addAll(new DevRoutes(admissions, dev, fromAnywhere, pacer(), refusals).routes());
        }
        routes.addAll(Refusals.counted("api", refusals, new CallbackRoutes(callbacks, secrets).routes()));
        if (apps.demoSecretFile() != null) {
            routes.addAll(Refusals.counted(
                    "api",
                    refusals,
                    new DemoRoutes(Apps.DEMO, apps.demoSecretFile().toString(), channels).routes()));
        }
        Observation observation = part(new Observation(registry, ticker));
        HealthRoutes health = observation.health(backend::isUp);
        routes.addAll(health.routes());
        routes.addAll(observation
                .metrics(
                        settings.http().metricsSecret(),
                        new Observed(
                                sessions,
                                c2s,
                                dev,
                                backend,
                                subscribers,
                                http,
                                registry::pool,
                                sweeping::totals,
                                callbacks.counts(),
                                traffic,
                                refusals))
                .routes());
        front.start(routes, new Origins(apps.allOrigins()));
        c2s.start(backend);
        part(() -> drain(backend, dev, health, callbacks));
        LOG.info(
                "serving {} and XMPP at {} for the apps {}, domain {}, data in {}",
                uri(),
                xmpp(),
                apps,
                domain,
                settings.data());
        return () ->
                new Census(sessions.count(), c2s.count(), backend.unbound(), subscribers.count(), backend.resources());
    }

    private HttpConfig httpConfig() {
        Settings.Http at = settings.http();
        Duration idle = settings.bosh().waitTime().plus(IDLE_SLACK);
        boolean shared = at.app() != null;
        int headerBytes = settings.limits().headerBytes();
        return new HttpConfig(
                at.host(), at.port(), idle, shared ? Math.max(SHARED_HEADER_BYTES, headerBytes) : headerBytes, shared);
    }

    private HttpServer address() throws ConfigException {
        Settings.Http at = settings.http();
        try {
            return new HttpServer(httpConfig(), settings.limits().http(), ticker, refusals);
        } catch (IOException | UnresolvedAddressException e) {
            throw new ConfigException("http: " + at.host() + ":" + at.port() + " cannot be had: " + e.getMessage()
                    + " (expected: a free port of this machine)");
        }
    }

    private boolean hasDev() {
        return settings.http().dev() == Settings.Dev.ANYBODY
                || (settings.http().dev() == Settings.Dev.THIS_MACHINE
                        && Loopback.is(settings.http().host()));
    }

    private List<Backlog.Reader> readers(BoshSessions sessions, DevConnections dev) {
        List<Backlog.Reader> readers = new ArrayList<>(sessions.readers());
        readers.addAll(c2s.readers());
        readers.addAll(dev.readers());
        return readers;
    }

    /** One for each door: who floods one of them shuts out nobody at the others. */
    private Pacer pacer() {
        return new Pacer(
                settings.limits().sessionsPerSecond(),
                ticker,
                bound -> ThreadLocalRandom.current().nextInt(bound));
    }

    private C2sServer c2sAddress() throws ConfigException {
        C2sConfig at = settings.xmpp().c2s();
        try {
            return new C2sServer(
                    at, settings.limits().c2s(), settings.limits().stanzas(), pacer(), backlog, ticker, refusals);
        } catch (IOException | UnresolvedAddressException e) {
            throw new ConfigException("xmpp: " + at.host() + ":" + at.port() + " cannot be had: " + e.getMessage()
                    + " (expected: a free port of this machine)");
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    private Registry registry() throws ConfigException {
        ChannelLimits channels = settings.limits().channels();
        LeaseLimits limits = new LeaseLimits(channels.leasesPerKey(), channels.leasesPerApp());
        CallbackLimits callbacks = new CallbackLimits(settings.limits().callbacksPerApp());
        try {
            return Registry.open(new RegistryConfig(settings.data(), limits, callbacks), clock);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Takes no new sessions and ends those that are there, a few at a time; what is under way is done while everything still
     * works.
     */
    private void drain(
            EmbeddedBackend backend, DevConnections dev, HealthRoutes health, ApplicationCallbacks callbacks) {
        Drain drain = new Drain(settings.shutdown(), ticker);
        health.stop();
        callbacks.stop();
        dev.close(); // no request of theirs is held, so that they come back one by one anyway
        List<Runnable> endings = Drain.mixed(backend.stop(), c2s.stop());
        LOG.info("stopping, {} sessions to end", endings.size());
        drain.spread(endings);
        c2s.close();
        if (!front.drain(backend::close, drain::left)) {
            LOG.warn("some requests were still under way when the time to stop was over");
        }
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    /** The address that HTTP is served on. */
    public URI uri() {
        return http.uri();
    }

    /** The address of {@code /v1}, health and metrics; the same one unless the settings part them. */
    public URI admin() {
        return http.adminUri();
    }

    /** The address that XMPP over TCP is served on. */
    public InetSocketAddress xmpp() {
        return c2s.address();
    }

    /** What waits for clients that do not read. */
    Backlog backlog() {
        return backlog;
    }

    /** Counts the clients; they may come and go meanwhile. */
    public Census census() {
        return census.get();
    }

    /** Ends the sessions, then stops; what fails to close is logged and the rest is closed. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("{} did not close", part.getClass().getSimpleName(), e);
            }
        }
        parts.clear();
    }
}
