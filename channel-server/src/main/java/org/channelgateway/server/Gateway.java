package org.channelgateway.server;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.channelgateway.api.http.AppSecrets;
import org.channelgateway.api.http.ChannelRoutes;
import org.channelgateway.api.http.MessageRoutes;
import org.channelgateway.bosh.BoshConfig;
import org.channelgateway.bosh.BoshHandler;
import org.channelgateway.bosh.BoshSessions;
import org.channelgateway.channel.Admissions;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.Subscribers;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Settings;
import org.channelgateway.embedded.EmbeddedBackend;
import org.channelgateway.gc.Sweeper;
import org.channelgateway.http.HttpConfig;
import org.channelgateway.http.HttpServer;
import org.channelgateway.http.Origins;
import org.channelgateway.http.Route;
import org.channelgateway.registry.Leases;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryConfig;
import org.channelgateway.registry.RegistryException;
import org.channelgateway.web.ConnectRoutes;
import org.channelgateway.web.DemoRoutes;
import org.channelgateway.web.JsapiRoutes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One gateway: builds its parts in order, closes them in reverse. The only wiring. */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration SWEEP = Duration.ofMinutes(1);
    private static final int SWEEP_BATCH = 500;
    private static final int SWEEP_BATCHES = 200;
    private static final int HEADER_BYTES = 8 * 1024;

    private final Settings settings;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final HttpServer http;

    private Gateway(Settings settings, InstantSource clock, LongSupplier ticker) throws ConfigException {
        this.settings = settings;
        this.clock = clock;
        this.ticker = ticker;
        try {
            this.http = build();
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
     */
    public static Gateway start(Settings settings, InstantSource clock, LongSupplier ticker) throws ConfigException {
        return new Gateway(settings, clock, ticker);
    }

    private HttpServer build() throws ConfigException {
        Apps apps = Apps.of(settings);
        AppSecrets secrets = apps.secrets();
        Registry registry = registry();
        apps.register(registry.accounts(), clock.instant());
        Leases leases = registry.leases();
        String domain = settings.xmpp().domain();

        BoshSessions sessions = new BoshSessions(boshConfig(), ticker);
        Subscribers subscribers = new Subscribers(ticker);
        Admissions admissions = new Admissions(leases);
        EmbeddedBackend backend =
                part(new EmbeddedBackend(domain, ChannelService.serviceJid(domain), sessions, admissions, subscribers));
        ChannelService channels = new ChannelService(leases, registry.secrets(), subscribers, backend, domain, ticker);

        part(new Timer(sessions::tick, () -> subscribers.endExpired(leases.now()), TICK));
        sweeper(leases);

        List<Route> routes = new ArrayList<>();
        routes.add(new BoshHandler(sessions, backend, settings.bosh().login() == Settings.Login.OPEN).route());
        routes.addAll(new ConnectRoutes(admissions, channels, apps.origins()).routes());
        routes.addAll(new JsapiRoutes().routes());
        routes.addAll(new ChannelRoutes(channels, secrets).routes());
        routes.addAll(new MessageRoutes(channels, secrets).routes());
        if (apps.demoSecretFile() != null) {
            routes.addAll(new DemoRoutes(Apps.DEMO, apps.demoSecretFile().toString(), channels).routes());
        }
        HttpServer server = http(routes, apps);
        part(backend); // ends first: what is held gets its answer while HTTP still serves
        return server;
    }

    private Registry registry() throws ConfigException {
        try {
            return part(Registry.open(new RegistryConfig(settings.data()), clock));
        } catch (RegistryException | IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    private BoshConfig boshConfig() {
        Settings.Bosh bosh = settings.bosh();
        return new BoshConfig(
                bosh.waitTime(),
                bosh.hold(),
                bosh.inactivity(),
                bosh.maxBodyBytes(),
                bosh.maxQueuedStanzas(),
                bosh.maxQueuedBytes());
    }

    private void sweeper(Leases leases) {
        ScheduledExecutorService executor =
                Executors.newSingleThreadScheduledExecutor(task -> Timer.daemon(task, "sweeper"));
        part(executor::shutdownNow);
        part(new Sweeper(leases, SWEEP_BATCH, SWEEP_BATCHES, removed -> {})).start(executor, SWEEP);
    }

    private HttpServer http(List<Route> routes, Apps apps) throws ConfigException {
        Settings.Http at = settings.http();
        Duration idle = settings.bosh().waitTime().plusSeconds(60);
        HttpConfig config = new HttpConfig(at.host(), at.port(), idle, HEADER_BYTES);
        HttpServer server = part(new HttpServer(config, routes, new Origins(apps.allOrigins())));
        try {
            server.start();
        } catch (IOException e) {
            throw new ConfigException("http: " + at.host() + ":" + at.port() + " cannot be had: " + e.getMessage()
                    + " (expected: a free port of this machine)");
        }
        return server;
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    /** The address that HTTP is served on. */
    public URI uri() {
        return http.uri();
    }

    /** Ends the sessions, then stops; what fails to close is logged and the rest is closed. */
    @Override
    public void close() {
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
