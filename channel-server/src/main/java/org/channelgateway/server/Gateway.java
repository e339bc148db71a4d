package org.channelgateway.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.channelgateway.c2s.C2sConfig;
import org.channelgateway.c2s.C2sServer;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Settings;
import org.channelgateway.http.HttpConfig;
import org.channelgateway.http.HttpServer;
import org.channelgateway.http.Origins;
import org.channelgateway.http.Route;
import org.channelgateway.http.Workers;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.Pacer;
import org.channelgateway.ops.HealthRoutes;
import org.channelgateway.ops.Observed;
import org.channelgateway.registry.RegistryException;
import org.channelgateway.stats.RefusalCounts;
import org.jspecify.annotations.Nullable;
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
    private final CompletableFuture<String> unfit = new CompletableFuture<>();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final HttpServer http;
    private final Front front;
    private final XmppSide side;

    private Gateway(Settings settings, InstantSource clock, LongSupplier ticker) throws ConfigException {
        this.settings = settings;
        this.clock = clock;
        this.ticker = ticker;
        this.backlog = new Backlog(settings.limits().waitingBytes());
        this.http = part(address());
        try {
            if (settings.ejabberd() != null) {
                http.handOverTo(part(new Workers())); // there, requests wait for servers over a network
            }
            this.front = Front.of(settings, http, httpConfig(), ticker, refusals);
            this.side = build(settings.ejabberd() == null ? part(c2sAddress()) : null);
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

    /** Builds what answers at the two addresses. */
    private XmppSide build(@Nullable C2sServer c2s) throws ConfigException {
        Core.Shared shared = new Core.Shared(clock, ticker, refusals, backlog, unfit::complete);
        Core core = Core.build(settings, shared, c2s, this::part);
        XmppSide side = core.side();
        keepTime(core);
        String api = admin().equals(uri()) ? "" : admin().toString();
        List<Route> routes = new Doors(settings, core, shared, api, this::pacer).routes();
        Observation observation = part(new Observation(core.service().registry(), ticker));
        HealthRoutes health = observation.health(side.backend()::isUp);
        routes.addAll(health.routes());
        routes.addAll(observation
                .metrics(settings.http().metricsSecret(), observed(core))
                .routes());
        side.check();
        front.start(routes, new Origins(core.service().apps().allOrigins()));
        side.start();
        part(() -> drain(core, health));
        LOG.info(
                "serving {} and XMPP at {} for the apps {}, domain {}, data in {}",
                uri(),
                side.address(),
                core.service().apps(),
                settings.xmpp().domain(),
                settings.data());
        return side;
    }

    private void keepTime(Core core) {
        Timer timer = core.service().timer();
        timer.every(TICK, () -> backlog.relieve(core.side()::readers));
        timer.every(SLOW_TICK, http::tick);
        timer.every(SLOW_TICK, front::tick);
        timer.every(SLOW_TICK, core.service().channels()::tick);
        core.side().keepTime(timer);
    }

    private Observed observed(Core core) {
        Core.Service service = core.service();
        return new Observed(
                core.side().clients(),
                core.side().remote(),
                core.side().backend(),
                core.side().subscribed(),
                http,
                service.registry()::pool,
                core.sweeping()::totals,
                service.callbacks().counts(),
                service.traffic(),
                refusals);
    }

    private HttpConfig httpConfig() {
        Settings.Http at = settings.http();
        Duration idle = settings.bosh().waitTime().plus(IDLE_SLACK);
        boolean shared = at.app() != null;
        int headerBytes = settings.limits().headerBytes();
        return new HttpConfig(
                at.host(),
                at.port(),
                idle,
                shared ? Math.max(SHARED_HEADER_BYTES, headerBytes) : headerBytes,
                shared,
                at.trustedProxies());
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

    /**
     * Takes no new sessions and ends those that are there, a few at a time; what is under way is done while everything still
     * works.
     */
    private void drain(Core core, HealthRoutes health) {
        Drain drain = new Drain(settings.shutdown(), ticker);
        health.stop();
        core.service().callbacks().stop();
        core.service().channels().stop();
        List<Runnable> endings = core.side().stop();
        LOG.info("stopping, {} sessions to end", endings.size());
        drain.spread(endings);
        core.side().ended();
        if (!front.drain(core.side()::release, drain::left)) {
            LOG.warn("some requests were still under way when the time to stop was over");
        }
        core.side().close();
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
        return side.address();
    }

    /** What waits for clients that do not read. */
    Backlog backlog() {
        return backlog;
    }

    /** Completes when it must not go on, with the reason. Whoever started it closes it. */
    public CompletableFuture<String> unfit() {
        return unfit;
    }

    /** Counts the clients; they may come and go meanwhile. */
    public Census census() {
        return side.census();
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
