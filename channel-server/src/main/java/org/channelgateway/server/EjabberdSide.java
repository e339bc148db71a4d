package org.channelgateway.server;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.channelgateway.api.xmpp.ChannelIqs;
import org.channelgateway.callback.ApplicationCallbacks;
import org.channelgateway.channel.Audience;
import org.channelgateway.channel.XmppBackend;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Settings;
import org.channelgateway.ejabberd.BoshPaths;
import org.channelgateway.ejabberd.BoshProxy;
import org.channelgateway.ejabberd.EjabberdBackend;
import org.channelgateway.ejabberd.EjabberdConfig;
import org.channelgateway.ejabberd.LoginPlaces;
import org.channelgateway.ejabberd.Outbox;
import org.channelgateway.ejabberd.PollPlaces;
import org.channelgateway.ejabberd.RemoteAudience;
import org.channelgateway.ejabberd.RemotePresence;
import org.channelgateway.ejabberd.RequestOrder;
import org.channelgateway.ejabberd.SafetyCheck;
import org.channelgateway.ejabberd.Upstreams;
import org.channelgateway.http.Route;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.Pacer;
import org.channelgateway.ops.Observed;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.Sessions;
import org.jspecify.annotations.Nullable;

/** ejabberd as the XMPP server: this process has no clients but those whose polls it passes on. */
final class EjabberdSide implements XmppSide {
    private static final Duration FAST_TICK = Duration.ofMillis(100);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final EjabberdConfig config;
    private final Settings settings;
    private final Core.Shared shared;
    private final SafetyCheck safety;
    private final Upstreams upstreams;
    private final BoshPaths paths;
    private final EndingSessions ending;
    private final ComparingSessions comparing;
    private final EjabberdBackend backend;
    private final List<BoshProxy> proxies = new CopyOnWriteArrayList<>();
    private final PollPlaces places;
    private final LoginPlaces logins;
    private final Outbox outbox;
    private final SessionCount count;

    private EjabberdSide(
            Settings settings,
            EjabberdConfig config,
            Core.Shared shared,
            Sessions sessions,
            Outbox outbox,
            EndingSessions ending,
            ComparingSessions comparing,
            Core.Service service) {
        this.ending = ending;
        this.comparing = comparing;
        this.outbox = outbox;
        this.count = new SessionCount(sessions::count, shared.ticker());
        this.places = new PollPlaces(settings.limits().bosh());
        this.logins =
                new LoginPlaces(settings.limits().bosh(), settings.limits().bindTime(), shared.ticker());
        this.settings = settings;
        this.config = config;
        this.shared = shared;
        this.safety = new SafetyCheck(config, settings.xmpp().domain());
        this.upstreams = new Upstreams(config, settings.bosh().waitTime());
        this.paths = new BoshPaths(service.registry().secrets().get("bosh-paths"));
        this.backend = new EjabberdBackend(
                config,
                settings.xmpp().domain(),
                sessions,
                upstreams,
                paths,
                settings.bosh().waitTime(),
                new ChannelIqs(service.channels(), shared.refusals(), shared.ticker()),
                listener(service.callbacks()),
                settings.limits().channels().sessionsPerToken(),
                places,
                outbox,
                comparing::soon,
                shared.ticker(),
                shared.refusals());
    }

    static Draft draft(Settings settings, EjabberdConfig config, Core.Shared shared, Core.Base base) {
        String domain = settings.xmpp().domain();
        Sessions sessions = base.registry().sessions();
        Outbox outbox = new Outbox(config.maxQueuedBytes());
        EndingSessions ending = new EndingSessions(config, domain, base.registry());
        ComparingSessions comparing = new ComparingSessions(config, domain, base.registry(), base.callbacks()::hears);
        Audience audience = new RemoteAudience(sessions, outbox, domain, ending::soon);
        return new Draft() {
            @Override
            public Audience audience() {
                return audience;
            }

            @Override
            public XmppSide finish(Core.Service service) {
                return new EjabberdSide(settings, config, shared, sessions, outbox, ending, comparing, service);
            }
        };
    }

    private static RemotePresence.Listener listener(ApplicationCallbacks callbacks) {
        return new RemotePresence.Listener() {
            @Override
            public boolean hears(String app) {
                return callbacks.hears(app);
            }

            @Override
            public void came(Sessions.Opened opened) {
                callbacks.came(opened);
            }

            @Override
            public void went(Lease lease) {
                callbacks.went(lease);
            }

            @Override
            public Duration grace() {
                return callbacks.grace();
            }
        };
    }

    @Override
    public XmppBackend backend() {
        return backend;
    }

    @Override
    public List<Route> routes(Core.Service service, Supplier<Pacer> pacers) {
        boolean isOpen = settings.login() == Settings.Login.OPEN;
        BoshProxy made = new BoshProxy(
                upstreams,
                paths,
                service.registry().time(),
                settings.xmpp().domain(),
                settings.bosh(),
                isOpen,
                settings.limits().stanzas(),
                places,
                logins,
                new RequestOrder(shared.ticker(), service.timer()::after, upstreams.longestHold()),
                pacers.get(),
                shared.refusals());
        service.timer().every(FAST_TICK, made::tick);
        proxies.add(made);
        return made.routes();
    }

    @Override
    public void keepTime(Timer timer) {
        timer.every(TICK, backend::tick);
    }

    @Override
    public void check() throws ConfigException {
        Optional<String> wrong = safety.run();
        if (wrong.isPresent()) {
            close();
            throw new ConfigException(wrong.get());
        }
    }

    @Override
    public void start() {
        ending.start();
        comparing.start();
        backend.start();
        safety.watch(shared.unfit());
    }

    @Override
    public InetSocketAddress address() {
        return config.nodes().get(0).c2s();
    }

    @Override
    public List<Runnable> stop() {
        return backend.stop();
    }

    @Override
    public void ended() {}

    /** What is held comes again, to another gateway. */
    @Override
    public void release() {
        proxies.forEach(BoshProxy::stop);
    }

    @Override
    public Census census() {
        return Census.NOBODY;
    }

    /** Those of all gateways: the registry knows. */
    @Override
    public DoubleSupplier subscribed() {
        return count::latest;
    }

    @Override
    public Observed.Remote remote() {
        return new Observed.Remote(
                () -> proxies.stream().mapToInt(BoshProxy::held).sum(),
                places::count,
                upstreams::connections,
                outbox::waitingBytes,
                backend::isAttached);
    }

    @Override
    public Observed.@Nullable Clients clients() {
        return null;
    }

    @Override
    public List<Backlog.Reader> readers() {
        return List.of();
    }

    @Override
    public void close() {
        safety.close();
        count.close();
        ending.close();
        comparing.close();
        backend.close();
    }
}
