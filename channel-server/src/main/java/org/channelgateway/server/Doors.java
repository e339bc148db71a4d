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
import org.channelgateway.channel.BrowserSessions;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Limits;
import org.channelgateway.config.Settings;
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
        routes.addAll(ofApplications(core.service().apps().secrets()));
        return routes;
    }

    private List<Route> ofPages() {
        Limits limits = settings.limits();
        RefusalCounts refusals = shared.refusals();
        Core.Service service = core.service();
        BrowserSessions browsers = new BrowserSessions(core.side().backend(), service.channels());
        Map<String, List<String>> origins = service.apps().origins();
        Line line = new Line(limits.sessionsAtOnce());
        KeyedRates sent = new KeyedRates(settings.callbacks().messagesPerSecond(), shared.ticker());
        List<Route> routes = new ArrayList<>(new JsapiRoutes().routes());
        routes.addAll(core.side().routes(service, pacers));
        routes.addAll(
                new ConnectRoutes(service.admissions(), browsers, origins, pacers.get(), line, refusals).routes());
        routes.addAll(new ReceiveRoutes(service.admissions(), service.callbacks(), origins, sent, refusals).routes());
        Path demoSecret = service.apps().demoSecretFile();
        if (demoSecret != null) {
            routes.addAll(counted(new DemoRoutes(Apps.DEMO, demoSecret.toString(), api, service.channels()).routes()));
        }
        return routes;
    }

    private List<Route> ofApplications(AppSecrets secrets) {
        List<Route> routes = new ArrayList<>(new ChannelRoutes(core.service().channels(), secrets).routes());
        routes.addAll(new MessageRoutes(
                        core.service().channels(), secrets, settings.limits().batches())
                .routes());
        routes.addAll(new CallbackRoutes(core.service().callbacks(), secrets).routes());
        return counted(routes);
    }

    private List<Route> counted(List<Route> routes) {
        return Refusals.counted(API, shared.refusals(), routes);
    }
}
