package org.channelgateway.registry;

import java.nio.file.Path;
import java.time.InstantSource;
import org.channelgateway.fixture.PostgresServer;

/** An empty database of the shared server, for one test. */
final class PostgresDatabase {
    private final String url = PostgresServer.shared().newDatabase();

    Registry open(InstantSource time) {
        return open(time, LeaseLimits.NONE, CallbackLimits.NONE);
    }

    Registry open(InstantSource time, LeaseLimits leases, CallbackLimits callbacks) {
        return Registry.open(new RegistryConfig(Path.of("unused"), config(), leases, callbacks), time);
    }

    DatabaseConfig config() {
        return new DatabaseConfig(url, PostgresServer.USER, PostgresServer.PASSWORD, 8, true);
    }
}
