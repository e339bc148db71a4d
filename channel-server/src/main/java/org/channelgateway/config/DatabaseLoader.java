package org.channelgateway.config;

import org.channelgateway.registry.DatabaseConfig;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code database}. */
final class DatabaseLoader {
    private static final int CONNECTIONS = 10;

    private DatabaseLoader() {}

    /**
     * @param hasLogins true when an outside XMPP server logs in with the accounts
     * @return null when the registry is a file of this gateway
     */
    static @Nullable DatabaseConfig load(SettingsTree tree, boolean hasLogins) throws ConfigException {
        String url = tree.text("url");
        String user = tree.string("user");
        String password = tree.string("password");
        int connections = tree.integer("connections", CONNECTIONS, 1, 1000);
        tree.refuseUnknown();
        if (url == null && user == null && password == null && !hasLogins) {
            return null;
        }
        try {
            return new DatabaseConfig(
                    required(tree, "url", url),
                    required(tree, "user", user),
                    required(tree, "password", password),
                    connections,
                    hasLogins);
        } catch (IllegalArgumentException e) { // it names the part of the section, and shows no URL
            throw new ConfigException("database." + e.getMessage());
        }
    }

    private static String required(SettingsTree tree, String name, @Nullable String value) throws ConfigException {
        if (value == null || value.isEmpty()) {
            throw new ConfigException(tree.path(name)
                    + ": missing (expected: url, user and password of a PostgreSQL database that the gateways share)");
        }
        return value;
    }
}
