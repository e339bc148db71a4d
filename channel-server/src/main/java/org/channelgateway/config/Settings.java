package org.channelgateway.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.channelgateway.bosh.BoshConfig;
import org.channelgateway.c2s.C2sConfig;
import org.channelgateway.callback.CallbackConfig;
import org.channelgateway.ejabberd.EjabberdConfig;
import org.channelgateway.http.TrustedProxies;
import org.channelgateway.registry.DatabaseConfig;
import org.jspecify.annotations.Nullable;

/**
 * All settings, checked, with their defaults filled in.
 *
 * @param data the folder of the database and of the demo secret
 * @param login who may open a BOSH session
 * @param apps by name; empty means the app {@code demo}, on loopback only
 * @param limits what clients and applications may cost
 * @param callbacks how applications are called back
 * @param database where the registry is; null for a file in {@code data}
 * @param ejabberd the XMPP server behind the gateway; null when it is the embedded one
 */
public record Settings(
        Http http,
        Xmpp xmpp,
        Path data,
        BoshConfig bosh,
        Login login,
        Map<String, App> apps,
        Limits limits,
        CallbackConfig callbacks,
        Shutdown shutdown,
        @Nullable DatabaseConfig database,
        @Nullable EjabberdConfig ejabberd) {

    /**
     * @param port 0 picks a free one
     * @param metricsSecret what reads {@code /metrics}; null when only this machine may
     * @param dev who may speak the protocol of Google's development server
     * @param admin where {@code /v1}, health and metrics are served; null with everything else
     * @param app the application that gets everything that is not the gateway's; null without one
     * @param trustedProxies who is believed about where a request comes from
     */
    public record Http(
            String host,
            int port,
            @Nullable Secret metricsSecret,
            Dev dev,
            CommandLine.@Nullable Address admin,
            @Nullable URI app,
            TrustedProxies trustedProxies) {
        public Http(String host, int port) {
            this(host, port, null, Dev.THIS_MACHINE, null, null, TrustedProxies.NONE);
        }
    }

    /** Who may speak the protocol of Google's development server, whose tokens stand in URLs. */
    public enum Dev {
        /** Clients of this machine, while HTTP is served on loopback. */
        THIS_MACHINE,
        ANYBODY,
        NOBODY
    }

    /**
     * How the gateway stops.
     *
     * @param spread the time over which the ends of sessions are spread evenly
     * @param limit the time after which it ends whatever is still under way; longer than {@code spread}
     */
    public record Shutdown(Duration spread, Duration limit) {}

    /**
     * @param domain the XMPP domain of all accounts and of the service
     * @param c2s where clients connect over TCP
     */
    public record Xmpp(String domain, C2sConfig c2s) {}

    /** Who may open a BOSH session. */
    public enum Login {
        /** Any BOSH client, with an account and its token. */
        OPEN,
        /** Only {@code /_ah/channel/connect}. */
        CONNECT
    }

    /**
     * One application.
     *
     * @param origins pages of these origins may use its channels, besides those of the gateway's own
     * @param callback below this URL it is told what happens; null when it wants to hear nothing
     * @param presence whether it is told who comes and goes, too
     */
    public record App(
            Secret secret, List<String> origins, @Nullable URI callback, boolean presence) {
        public App(Secret secret, List<String> origins) {
            this(secret, origins, null, true);
        }
    }

    /** A secret that no log shows. */
    public record Secret(String value) {
        @Override
        public String toString() {
            return "…";
        }
    }
}
