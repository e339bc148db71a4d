package org.channelgateway.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What was given on the command line; null is what was not. */
public record CommandLine(
        @Nullable Path config,
        @Nullable Path data,
        @Nullable Address http,
        @Nullable Address xmpp) {

    /** @param port 0 picks a free one */
    public record Address(String host, int port) {}

    public static final String USAGE =
            "usage: ./gateway [--config FILE] [--data DIR] [--http HOST:PORT] [--xmpp HOST:PORT]";

    public static CommandLine parse(String... args) throws ConfigException {
        Path config = null;
        Path data = null;
        Address http = null;
        Address xmpp = null;
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
                default -> throw new ConfigException(name + ": unknown option (expected: " + USAGE + ")");
            }
        }
        return new CommandLine(config, data, http, xmpp);
    }

    private static Address address(String name, String text) throws ConfigException {
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
}
