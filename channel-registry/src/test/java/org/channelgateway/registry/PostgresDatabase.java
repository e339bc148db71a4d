package org.channelgateway.registry;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

    /** What one statement finds, in one row of one column. */
    byte[] bytes(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, PostgresServer.USER, PostgresServer.PASSWORD);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getBytes(1);
        }
    }

    DatabaseConfig config() {
        return new DatabaseConfig(url, PostgresServer.USER, PostgresServer.PASSWORD, 8, true);
    }
}
