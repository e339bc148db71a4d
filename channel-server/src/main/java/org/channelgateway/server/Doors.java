package org.channelgateway.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.channelgateway.api.http.AppSecrets;
import org.channelgateway.api.http.CallbackRoutes;
import org.channelgateway.api.http.ChannelRoutes;
import org.channelgateway.api.http.MessageRoutes;
import org.channelgateway.api.http.Refusals;
import org.channelgateway.bosh.BoshHandler;
import org.channelgateway.channel.BrowserSessions;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Limits;
import org.channelgateway.config.Loopback;
import org.channelgateway.config.Settings;
import org.channelgateway.dev.DevRoutes;
import org.channelgateway.http.Route;
import org.channelgateway.limit.KeyedRates;
import org.channelgateway.limit.Line;
import org.channelgateway.limit.Pacer;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.web.ConnectRoutes;
import org.channelgateway.web.DemoRoutes;
import org.channelgateway.web.JsapiRoutes;
import org.channelgateway.web.ReceiveRoutes;

/** The doors of HTTP, but for what looks at the gateway from outside. */
final class Doors {
    private static final String API = "api";

    private final Settings settings;
    private final Core core;
    private final Core.Shared shared;
    private final String api;
    private final Supplier<Pacer> pacers;

    /**
     * @param api where {@code /v1} is; empty when it is where pages are
     * @param pacers makes one for each door
     */
    Doors(Settings settings, Core core, Core.Shared shared, String api, Supplier<Pacer> pacers) {
        this.settings = settings;
        this.core = core;
        this.shared = shared;
        this.api = api;
        this.pacers = pacers;
    }

    List<Route> routes() throws ConfigException {
        List<Route> routes = new ArrayList<>(ofPages());
        routes.addAll(ofApplications(core.apps().secrets()));
        if (hasDev()) {
            boolean fromAnywhere = settings.http().dev() == Settings.Dev.ANYBODY;
            routes.addAll(new DevRoutes(core.admissions(), core.dev(), fromAnywhere, pacers.get(), shared.refusals())
                    .routes());
        }
        return routes;
    }

    private List<Route> ofPages() {
        Limits limits = settings.limits();
        RefusalCounts refusals = shared.refusals();
        boolean isOpen = settings.login() == Settings.Login.OPEN;
        BrowserSessions browsers = new BrowserSessions(core.backend(), core.channels());
        Map<String, List<String>> origins = core.apps().origins();
        Line line = new Line(limits.sessionsAtOnce());
        KeyedRates sent = new KeyedRates(settings.callbacks().messagesPerSecond(), shared.ticker());
        List<Route> routes = new ArrayList<>(new JsapiRoutes().routes());
        routes.add(new BoshHandler(core.sessions(), core.backend(), isOpen, limits.stanzas(), pacers.get(), refusals)
                .route());
        routes.addAll(new ConnectRoutes(core.admissions(), browsers, origins, pacers.get(), line, refusals).routes());
        routes.addAll(new ReceiveRoutes(core.admissions(), core.callbacks(), origins, sent, refusals).routes());
        Path demoSecret = core.apps().demoSecretFile();
        if (demoSecret != null) {
            routes.addAll(counted(new DemoRoutes(Apps.DEMO, demoSecret.toString(), api, core.channels()).routes()));
        }
        return routes;
    }

    private List<Route> ofApplications(AppSecrets secrets) {
        List<Route> routes = new ArrayList<>(new ChannelRoutes(core.channels(), secrets).routes());
        routes.addAll(
                new MessageRoutes(core.channels(), secrets, settings.limits().batches()).routes());
        routes.addAll(new CallbackRoutes(core.callbacks(), secrets).routes());
        return counted(routes);
    }

    private List<Route> counted(List<Route> routes) {
        return Refusals.counted(API, shared.refusals(), routes);
    }

    private boolean hasDev() {
        return settings.http().dev() == Settings.Dev.ANYBODY
                || (settings.http().dev() == Settings.Dev.THIS_MACHINE
                        && Loopback.is(settings.http().host()));
    }
}
