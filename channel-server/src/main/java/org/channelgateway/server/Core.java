package org.channelgateway.server;

import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.channelgateway.c2s.C2sServer;
import org.channelgateway.callback.ApplicationCallbacks;
import org.channelgateway.channel.Admissions;
import org.channelgateway.channel.Audience;
import org.channelgateway.channel.ChannelLimits;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Settings;
import org.channelgateway.ejabberd.EjabberdConfig;
import org.channelgateway.limit.Backlog;
import org.channelgateway.registry.CallbackLimits;
import org.channelgateway.registry.LeaseLimits;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryConfig;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.Traffic;
import org.jspecify.annotations.Nullable;

/**
 * What is behind the doors: the registry, the channel service, who is connected, the XMPP backend. Built in order; the parts that have
 * to be closed are handed on as they are made.
 */
record Core(Base base, Service service, XmppSide side, Sweeping sweeping) {

    /**
     * What all parts share.
     *
     * @param unfit is told why when the gateway must not go on
     */
    record Shared(
            InstantSource clock,
            LongSupplier ticker,
            RefusalCounts refusals,
            Backlog backlog,
            Consumer<String> unfit) {}

    /** What is there before the service. */
    record Base(Apps apps, Registry registry, ApplicationCallbacks callbacks) {}

    /** The service, and what the doors to it need. */
    record Service(
            Apps apps,
            Registry registry,
            ApplicationCallbacks callbacks,
            Admissions admissions,
            Traffic traffic,
            Timer timer,
            ChannelService channels) {}

    /**
     * @param c2s where clients connect; null when the XMPP server is another process
     * @param made takes each part that has to be closed
     */
    static Core build(Settings settings, Shared shared, @Nullable C2sServer c2s, Consumer<AutoCloseable> made)
            throws ConfigException {
        Base base = base(settings, shared, made);
        XmppSide.Draft draft = draft(settings, shared, c2s, base);
        Service service = service(settings, shared, base, draft.audience(), made);
        XmppSide side = draft.finish(service);
        Sweeping sweeping = new Sweeping(base.registry.leases());
        made.accept(sweeping);
        return new Core(base, service, side, sweeping);
    }

    private static XmppSide.Draft draft(Settings settings, Shared shared, @Nullable C2sServer c2s, Base base) {
        EjabberdConfig ejabberd = settings.ejabberd();
        if (ejabberd != null) {
            return EjabberdSide.draft(settings, ejabberd, shared, base);
        }
        return EmbeddedSide.draft(settings, shared, Objects.requireNonNull(c2s, "c2s"), base);
    }

    private static Base base(Settings settings, Shared shared, Consumer<AutoCloseable> made) throws ConfigException {
        Apps apps = Apps.of(settings);
        Registry registry = registry(settings, shared.clock);
        made.accept(registry);
        boolean isAlone = settings.database() == null;
        if (isAlone) {
            List<String> unused = apps.removeOthers(registry.accounts());
        }
        apps.provide(settings.ejabberd(), registry);
        ApplicationCallbacks callbacks = new ApplicationCallbacks(
                apps.callbacks(settings), settings.callbacks(), registry.callbacks(), registry.presences());
        made.accept(callbacks);
        if (isAlone) {
            callbacks.forgetOthers();
        }
        callbacks.start(settings.bosh().inactivity());
        return new Base(apps, registry, callbacks);
    }

    private static Service service(
            Settings settings, Shared shared, Base base, Audience audience, Consumer<AutoCloseable> made) {
        Traffic traffic = new Traffic(shared.ticker);
        Timer timer = new Timer();
        made.accept(timer);
        ChannelService channels = new ChannelService(
                base.registry.leases(),
                base.registry.secrets(),
                audience,
                settings.xmpp().domain(),
                shared.ticker,
                settings.limits().channels(),
                settings.ejabberd() == null ? null : base.registry.publishReceipts(),
                shared.backlog,
                traffic,
                timer::after);
        Admissions admissions = new Admissions(base.registry.leases());
        return new Service(base.apps, base.registry, base.callbacks, admissions, traffic, timer, channels);
    }

    private static Registry registry(Settings settings, InstantSource clock) {
        ChannelLimits channels = settings.limits().channels();
        LeaseLimits leases = new LeaseLimits(channels.leasesPerKey(), channels.leasesPerApp());
        CallbackLimits callbacks = new CallbackLimits(settings.limits().callbacksPerApp());
        RegistryConfig config = new RegistryConfig(settings.data(), settings.database(), leases, callbacks);
        return settings.database() == null ? Registry.open(config, clock) : Registry.openShared(config);
    }
}
