package org.channelgateway.server;

import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Settings;
import org.channelgateway.registry.CallbackLimits;
import org.channelgateway.registry.DatabaseConfig;
import org.channelgateway.registry.LeaseLimits;
import org.channelgateway.registry.RegistryConfig;

/** The database that gateways share, for commands that work in it beside them. */
final class SharedDatabase {
    private static final int CONNECTIONS = 2;

    private SharedDatabase() {}

    /** @throws ConfigException when the settings name none */
    static RegistryConfig config(Settings settings) throws ConfigException {
        DatabaseConfig database = settings.database();
        if (database == null) {
            throw new ConfigException(
                    "database: missing (expected: url, user and password of the database that the gateways"
                            + " share; a gateway with a file of its own looks after it itself)");
        }
        DatabaseConfig small = new DatabaseConfig(
                database.url(), database.user(), database.password(), CONNECTIONS, database.hasLogins());
        return new RegistryConfig(settings.data(), small, LeaseLimits.NONE, CallbackLimits.NONE);
    }
}
