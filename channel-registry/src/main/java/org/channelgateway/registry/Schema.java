package org.channelgateway.registry;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings the tables of a database to the newest version. */
final class Schema {
    /** The version of the newest migration in every vendor's folder. */
    static final int NEWEST = 3;

    private static final String APPLIED =
            "SELECT \"version\" FROM \"flyway_schema_history\" WHERE \"success\" AND \"version\" IS NOT NULL";

    private Schema() {}

    /** Makes what is missing, from the migrations in the folder of this vendor. */
    static void migrate(DataSource database, String vendor) {
        try {
            int version = version(database); // Flyway itself takes half a second to find that out
            if (version > NEWEST) {
                throw new RegistryException("version of the registry's tables: " + version + " (expected: at most "
                        + NEWEST + "; a newer gateway has changed them)");
            }
            if (version < NEWEST) {
                flyway(database, vendor).migrate();
            }
        } catch (SQLException | FlywayException e) {
            throw new RegistryException("the registry's tables cannot be made: " + e.getMessage(), e);
        }
    }

    static Flyway flyway(DataSource database, String vendor) {
        return Flyway.configure()
                .dataSource(database)
                .locations("classpath:org/channelgateway/registry/migrations/" + vendor)
                .failOnMissingLocations(true)
                .loggers("slf4j")
                .load();
    }

    /** The newest version that was applied; 0 for an empty database. */
    private static int version(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return new Session(connection)
                    .list(APPLIED, row -> major(row.getString(1))).stream()
                            .mapToInt(Integer::intValue)
                            .max()
                            .orElse(0);
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState())
                    .startsWith("42")) { // ISO 9075: syntax error or access rule, here: no such table
                return 0;
            }
            throw e;
        }
    }

    private static int major(String version) {
        return Integer.parseInt(version.split("\\.", 2)[0]);
    }
}
