package org.channelgateway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What was given on the command line; null is what was not. */
public record CommandLine(
        @Nullable Path config,
        @Nullable Path data,
        @Nullable Address http,
        @Nullable Address xmpp,
        @Nullable URI app) {

    /** @param port 0 picks a free one */
    public record Address(String host, int port) {}

    public static final String USAGE =
            "usage: ./gateway [--config FILE] [--data DIR] [--http HOST:PORT] [--xmpp HOST:PORT] [--app URL]";

    /** Without an application. */
    public CommandLine(@Nullable Path config, @Nullable Path data, @Nullable Address http, @Nullable Address xmpp) {
        this(config, data, http, xmpp, null);
    }

    public static CommandLine parse(String... args) throws ConfigException {
        Path config = null;
        Path data = null;
        Address http = null;
        Address xmpp = null;
        URI app = null;
        for (int i = 0; i < args.length; i += 2) {
            String name = args[i];
            if (i + 1 == args.length && name.startsWith("--")) {
                throw new ConfigException(name + ": no value (expected: " + USAGE + ")");
            }
            switch (name) {
                case "--config" -> config = SettingsTree.file(name, args[i + 1]);
                case "--data" -> data = SettingsTree.file(name, args[i + 1]);
                case "--http" -> http = address(name, args[i + 1]);
                case "--xmpp" -> xmpp = address(name, args[i + 1]);
                case "--app" -> app = application(name, args[i + 1]);
                default -> throw new ConfigException(name + ": unknown option (expected: " + USAGE + ")");
            }
        }
        return new CommandLine(config, data, http, xmpp, app);
    }

    static Address address(String name, String text) throws ConfigException {
        int colon = text.lastIndexOf(':');
        if (colon > 0) {
            String host = text.substring(0, colon).replaceAll("^\\[(.*)\\]$", "$1");
            String port = text.substring(colon + 1);
            if (port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= 65535) {
                return new Address(host, Integer.parseInt(port));
            }
        }
        throw new ConfigException(name + ": " + text + " (expected: HOST:PORT, port 0..65535)");
    }

    /** Where an application is, as {@code http://host:port}. */
    static URI application(String name, String text) throws ConfigException {
        try {
            URI uri = new URI(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            String path = String.valueOf(uri.getRawPath());
            boolean http = scheme.equals("http") || scheme.equals("https");
            boolean bare = uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
            boolean port = uri.getPort() == -1 || (uri.getPort() >= 1 && uri.getPort() <= 65535);
            if (http && bare && port && uri.getHost() != null && (path.isEmpty() || path.equals("/"))) {
                return new URI(scheme, null, uri.getHost().toLowerCase(Locale.ROOT), uri.getPort(), null, null, null);
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new ConfigException(name + ": " + text
                + " (expected: an http or https URL of a host, without a path, as in http://127.0.0.1:9000)");
    }
}
