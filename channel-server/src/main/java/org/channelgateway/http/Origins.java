package org.channelgateway.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which pages may call: those of the gateway's own origin, and of the origins that the settings name. */
public final class Origins {
    private static final int MAX_PORT = 65_535;

    private final Set<String> allowed;

    /** @param allowed origins as browsers send them: scheme, host and port, no path */
    public Origins(Set<String> allowed) {
        this.allowed = Set.copyOf(allowed);
    }

    /**
     * @param origin the Origin header; null from what is not a page
     * @param host the Host header
     */
    boolean allows(@Nullable String origin, @Nullable String host) {
        return origin == null || allowed.contains(origin) || isSame(origin, host);
    }

    /** True when {@code origin} is the gateway's own: only the authority counts, TLS may end in front of it. */
    public static boolean isSame(String origin, @Nullable String host) {
        int scheme = origin.indexOf("://");
        return scheme > 0
                && host != null
                && !host.isEmpty()
                && origin.substring(scheme + 3).equalsIgnoreCase(host);
    }

    /** Checks one origin of the settings; returns it as browsers send it. */
    public static String checked(String name, String origin) {
        try {
            URI uri = new URI(origin.toLowerCase(Locale.ROOT));
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            String authority = uri.getRawAuthority();
            boolean bare = uri.getHost() != null && uri.getRawUserInfo() == null && uri.getPort() <= MAX_PORT;
            if (http && bare && uri.toString().equals(uri.getScheme() + "://" + authority)) {
                int standard = uri.getScheme().equals("http") ? 80 : 443;
                String port = uri.getPort() == -1 || uri.getPort() == standard ? "" : ":" + uri.getPort();
                return uri.getScheme() + "://" + uri.getHost() + port;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new IllegalArgumentException(
                name + ": " + origin + " (expected: http://host[:port] or https://host[:port])");
    }
}
