package org.channelgateway.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a gateway is, and as which application to log in: {@code xmpp://guestbook@gateway.example:5222?domain=example.org}.
 *
 * @param host a name or an address, IPv6 without brackets
 * @param domain the XMPP domain
 * @param tls false only of a loopback host
 */
record GatewayUrl(String app, String host, int port, String domain, boolean tls) {
    private static final String SHAPE = "xmpp://APP@HOST:PORT?domain=DOMAIN&tls=required";
    private static final int DEFAULT_PORT = 5222;
    private static final int MAX_PORT = 65_535;
    private static final List<String> PARAMETERS = List.of("domain", "tls");
    private static final Pattern APP = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1|0:0:0:0:0:0:0:1");

    /** @param name what the URL is called in a refusal */
    static GatewayUrl parse(String name, String text) {
        URI uri = uri(name, text);
        String host = uri.getHost();
        String app = uri.getUserInfo();
        boolean bare = (uri.getPath().isEmpty() || uri.getPath().equals("/")) && uri.getFragment() == null;
        if (!"xmpp".equalsIgnoreCase(uri.getScheme()) || host == null || app == null || !bare) {
            throw refused(name, withoutSecrets(text), SHAPE);
        }
        if (!APP.matcher(app).matches()) {
            String shown = app.contains(":") ? withoutSecrets(text) : app;
            throw refused(name, shown, "before the @ the name of an app: a-z, 0-9 and -, at most 40; no password");
        }
        host = host.startsWith("[") ? host.substring(1, host.length() - 1) : host.toLowerCase(Locale.ROOT);
        boolean loopback = LOOPBACK.matcher(host).matches();
        Map<String, String> parameters = parameters(name, uri.getRawQuery());
        return new GatewayUrl(
                app,
                host,
                port(name, uri.getPort()),
                domain(name, parameters.getOrDefault("domain", loopback ? "localhost" : host)),
                tls(name, parameters.get("tls"), loopback, host));
    }

    private static URI uri(String name, String text) {
        try {
            URI uri = new URI(text);
            if (!uri.isOpaque()) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // refused below; the exception would show the text
        }
        throw refused(name, withoutSecrets(text), SHAPE);
    }

    private static int port(String name, int port) {
        if (port == 0 || port > MAX_PORT) {
            throw refused(name, "port " + port, "1.." + MAX_PORT);
        }
        return port < 0 ? DEFAULT_PORT : port;
    }

    private static String domain(String name, String domain) {
        String lower = domain.toLowerCase(Locale.ROOT);
        if (!DOMAIN.matcher(lower).matches()) {
            throw refused(name, "domain=" + Text.excerpt(domain), "domain=, and a domain name");
        }
        return lower;
    }

    private static boolean tls(String name, @Nullable String tls, boolean loopback, String host) {
        if (tls == null) {
            return !loopback;
        }
        if (!tls.equals("required") && !tls.equals("disabled")) {
            throw refused(name, "tls=" + Text.excerpt(tls), "tls=required or tls=disabled");
        }
        if (tls.equals("disabled") && !loopback) {
            throw refused(name, "tls=disabled for " + host, "tls=required, unless the host is loopback");
        }
        return tls.equals("required");
    }

    private static Map<String, String> parameters(String name, @Nullable String query) {
        Map<String, String> parameters = new HashMap<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String key = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
            if (!PARAMETERS.contains(key)) {
                throw refused(name, "parameter " + Text.excerpt(key), "of " + String.join(" and ", PARAMETERS));
            }
            String value = equals < 0 ? "" : decoded(parameter.substring(equals + 1));
            if (parameters.put(key, value) != null) {
                throw refused(name, "parameter " + key + " twice", "once");
            }
        }
        return parameters;
    }

    /** What {@link URI} has let through can be decoded. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Without what may be a password or a secret parameter. */
    private static String withoutSecrets(String text) {
        int query = text.indexOf('?');
        String front = query < 0 ? text : text.substring(0, query) + "?…";
        int at = front.lastIndexOf('@');
        int scheme = front.indexOf("://");
        int colon = front.indexOf(':', scheme < 0 ? 0 : scheme + 3);
        return colon >= 0 && colon < at ? front.substring(0, colon) + ":…" + front.substring(at) : front;
    }

    private static IllegalArgumentException refused(String name, String value, String expected) {
        return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }

    /** How it is written, with everything that may be left out. */
    @Override
    public String toString() {
        String authority = host.contains(":") ? "[" + host + "]" : host;
        return "xmpp://" + app + "@" + authority + ":" + port + "?domain=" + domain + "&tls="
                + (tls ? "required" : "disabled");
    }
}
