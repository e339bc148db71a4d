package org.channelgateway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.channelgateway.config.Settings.App;
import org.channelgateway.config.Settings.Secret;
import org.channelgateway.http.Origins;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code apps}. */
final class AppsLoader {
    private static final Pattern APP_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final Pattern SECRET = Pattern.compile("[!-~]{8,200}");

    private AppsLoader() {}

    static Map<String, App> load(SettingsTree tree) throws ConfigException {
        Map<String, App> apps = new LinkedHashMap<>();
        for (String name : tree.names()) {
            if (!APP_NAME.matcher(name).matches()) {
                throw new ConfigException(
                        tree.path(name) + ": not a name of an app (expected: a-z, 0-9 and -, at most 40 characters)");
            }
            apps.put(name, app(tree.section(name)));
        }
        return apps;
    }

    static Secret secret(SettingsTree tree, String name) throws ConfigException {
        String secret = tree.string(name);
        if (secret == null || !SECRET.matcher(secret).matches()) {
            throw new ConfigException(
                    tree.path(name) + (secret == null ? ": missing" : ": not one that a header can carry")
                            + " (expected: 8 to 200 visible ASCII characters)");
        }
        return new Secret(secret);
    }

    private static App app(SettingsTree tree) throws ConfigException {
        Secret secret = secret(tree, "secret");
        List<String> origins = new ArrayList<>();
        for (String origin : tree.texts("origins")) {
            try {
                origins.add(Origins.checked(tree.path("origins"), origin));
            } catch (IllegalArgumentException e) {
                throw new ConfigException(String.valueOf(e.getMessage()));
            }
        }
        URI callback = callback(tree);
        boolean presence = tree.flag("presence", true);
        tree.refuseUnknown();
        return new App(secret, List.copyOf(origins), callback, presence);
    }

    /** The value is not shown: a URL may hold a password. */
    private static @Nullable URI callback(SettingsTree tree) throws ConfigException {
        String text = tree.text("callback");
        if (text == null) {
            return null;
        }
        try {
            URI uri = new URI(text);
            boolean known = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (known
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new ConfigException(tree.path("callback")
                + ": not an address (expected: http://HOST:PORT or https://…, without user, query and fragment)");
    }
}
