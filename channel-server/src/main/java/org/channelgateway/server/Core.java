package org.channelgateway.server;

import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.channelgateway.api.xmpp.ChannelIqs;
import org.channelgateway.bosh.BoshConfig;
import org.channelgateway.bosh.BoshSessions;
import org.channelgateway.callback.ApplicationCallbacks;
import org.channelgateway.channel.Admissions;
import org.channelgateway.channel.ChannelLimits;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.Credentials;
import org.channelgateway.channel.Subscribers;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Limits;
import org.channelgateway.config.Settings;
import org.channelgateway.dev.DevConfig;
import org.channelgateway.dev.DevConnections;
import org.channelgateway.embedded.EmbeddedBackend;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.Places;
import org.channelgateway.registry.CallbackLimits;
import org.channelgateway.registry.LeaseLimits;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryConfig;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.Traffic;

/**
 * What is behind the doors: the registry, the channel service, who is connected, the XMPP backend. Built in order; the parts that have
 * to be closed are handed on as they are made.
 */
record Core(
        Apps apps,
        Registry registry,
        BoshSessions sessions,
        ApplicationCallbacks callbacks,
        Subscribers subscribers,
        Admissions admissions,
        Traffic traffic,
        ChannelService channels,
        Timer timer,
        EmbeddedBackend backend,
        DevConnections dev,
        Sweeping sweeping) {

    /** What all parts share. */
    record Shared(InstantSource clock, LongSupplier ticker, RefusalCounts refusals, Backlog backlog) {}

    /** @param made takes each part that has to be closed */
    static Core build(Settings settings, Shared shared, Consumer<AutoCloseable> made) throws ConfigException {
        Apps apps = Apps.of(settings);
        Registry registry = registry(settings, shared.clock);
        made.accept(registry);
        apps.register(registry.accounts(), shared.clock.instant());
        ApplicationCallbacks callbacks = new ApplicationCallbacks(
                apps.callbacks(settings), settings.callbacks(), registry.callbacks(), registry.presences());
        made.accept(callbacks);
        callbacks.start(settings.bosh().inactivity());

        Limits limits = settings.limits();
        BoshSessions sessions =
                new BoshSessions(settings.bosh(), limits.bosh(), shared.backlog, shared.ticker, shared.refusals);
        Subscribers subscribers =
                new Subscribers(shared.ticker, limits.channels().sessionsPerToken(), callbacks);
        Admissions admissions = new Admissions(registry.leases());
        Traffic traffic = new Traffic(shared.ticker);
        ChannelService channels = new ChannelService(
                registry.leases(),
                registry.secrets(),
                subscribers,
                settings.xmpp().domain(),
                shared.ticker,
                limits.channels(),
                shared.backlog,
                traffic);
        Timer timer = new Timer();
        made.accept(timer);
        Credentials credentials = new Credentials(registry.accounts(), admissions);
        EmbeddedBackend backend =
                backend(settings, shared, sessions, credentials, subscribers, channels, timer, traffic);
        DevConnections dev = dev(settings, shared, subscribers, traffic);
        Sweeping sweeping = new Sweeping(registry.leases());
        made.accept(sweeping);
        return new Core(
                apps,
                registry,
                sessions,
                callbacks,
                subscribers,
                admissions,
                traffic,
                channels,
                timer,
                backend,
                dev,
                sweeping);
    }

    private static Registry registry(Settings settings, InstantSource clock) throws ConfigException {
        ChannelLimits channels = settings.limits().channels();
        LeaseLimits leases = new LeaseLimits(channels.leasesPerKey(), channels.leasesPerApp());
        CallbackLimits callbacks = new CallbackLimits(settings.limits().callbacksPerApp());
        try {
            return Registry.open(new RegistryConfig(settings.data(), leases, callbacks), clock);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    private static EmbeddedBackend backend(
            Settings settings,
            Shared shared,
            BoshSessions sessions,
            Credentials credentials,
            Subscribers subscribers,
            ChannelService channels,
            Timer timer,
            Traffic traffic) {
        String domain = settings.xmpp().domain();
        return new EmbeddedBackend(
                domain,
                ChannelService.serviceJid(domain),
                sessions,
                credentials,
                subscribers,
                new ChannelIqs(channels, shared.refusals),
                timer::after,
                settings.limits().bindTime(),
                shared.ticker,
                traffic,
                shared.refusals);
    }

    private static DevConnections dev(Settings settings, Shared shared, Subscribers subscribers, Traffic traffic) {
        BoshConfig bosh = settings.bosh();
        return new DevConnections(
                new DevConfig(bosh.inactivity(), bosh.maxQueuedStanzas(), bosh.maxQueuedBytes()),
                new Places(settings.limits().bosh()),
                subscribers,
                shared.backlog,
                shared.ticker,
                traffic,
                shared.refusals);
    }
}
