package org.channelgateway.server;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.channelgateway.config.CommandLine.Address;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Loopback;
import org.channelgateway.config.Settings;
import org.channelgateway.http.HttpConfig;
import org.channelgateway.http.HttpServer;
import org.channelgateway.http.Origins;
import org.channelgateway.http.Route;
import org.channelgateway.proxy.ApplicationProxy;
import org.channelgateway.stats.RefusalCounts;
import org.jspecify.annotations.Nullable;

/**
 * Which requests are answered at which address: all of them at one; or those of browsers there and those of applications and
 * operators at {@code http.admin}; or, with an application behind, its own at the address of the browsers, too.
 */
final class Front {
    private static final Set<String> ADMIN = Set.of("/healthz", "/readyz", "/metrics");

    /** What an application may take for the requests that are on their way when the gateway stops. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

    private final HttpServer http;
    private final boolean isDivided;
    /** Null without an application; nothing of it is loaded then. */
    private final @Nullable ApplicationProxy proxy;

    private Front(HttpServer http, boolean isDivided, @Nullable ApplicationProxy proxy) {
        this.http = http;
        this.isDivided = isDivided;
        this.proxy = proxy;
    }

    /**
     * Takes the second address when there is to be one.
     *
     * @param common what both addresses have in common
     * @throws ConfigException when it cannot be had, or when the application is the gateway itself
     */
    static Front of(Settings settings, HttpServer http, HttpConfig common, LongSupplier ticker, RefusalCounts refusals)
            throws ConfigException {
        Address admin = settings.http().admin();
        if (admin != null) {
            open(
                    http,
                    new HttpConfig(
                            admin.host(),
                            admin.port(),
                            common.idleTimeout(),
                            common.headerBytes(),
                            false,
                            common.proxies()));
        }
        URI application = settings.http().app();
        if (application == null) {
            return new Front(http, admin != null, null);
        }
        checkIsAnother(application, http);
        return new Front(
                http,
                admin != null,
                new ApplicationProxy(application, settings.limits().applicationTime(), ticker, refusals));
    }

    private static void open(HttpServer http, HttpConfig config) throws ConfigException {
        try {
            http.openAdmin(config);
        } catch (IOException | UnresolvedAddressException e) {
            throw new ConfigException("http.admin: " + config.host() + ":" + config.port() + " cannot be had: "
                    + e.getMessage() + " (expected: a free port of this machine)");
        }
    }

    private static void checkIsAnother(URI application, HttpServer http) throws ConfigException {
        for (URI own : List.of(http.uri(), http.adminUri())) {
            boolean same = own.getHost().equals(application.getHost())
                    || Loopback.is(application.getHost().replaceAll("[\\[\\]]", ""));
            if (same && own.getPort() == application.getPort()) {
                throw new ConfigException(
                        "--app: " + application + " (expected: the application's own address, not the gateway's)");
            }
        }
    }

    /** Serves from now on. */
    void start(List<Route> routes, Origins origins) {
        if (isDivided) {
            List<Route> admin = routes.stream().filter(Front::isAdmin).toList();
            List<Route> browsers =
                    routes.stream().filter(route -> !isAdmin(route)).toList();
            http.start(browsers, admin, origins, proxy);
        } else {
            http.start(routes, origins);
        }
    }

    private static boolean isAdmin(Route route) {
        return route.path().startsWith("/v1/") || ADMIN.contains(route.path());
    }

    /** To be called about once a second. */
    void tick() {
        if (proxy != null) {
            proxy.tick();
        }
    }

    /**
     * Waits for the requests under way, for those to the application not as long as for the gateway's own.
     *
     * @param held ends the requests that are held
     * @param left what is left of the time
     * @return false when some were still under way at its end
     */
    boolean drain(Runnable held, Supplier<Duration> left) {
        if (proxy == null) {
            return http.drain(held, left.get());
        }
        Duration all = left.get();
        if (http.drain(held, all.compareTo(LAST_ANSWERS) < 0 ? all : LAST_ANSWERS)) {
            return true;
        }
        proxy.end();
        return http.drain(() -> {}, left.get());
    }
}
