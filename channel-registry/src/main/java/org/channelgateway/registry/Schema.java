package org.channelgateway.registry;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings the tables of a database to the newest version. */
final class Schema {
    /** The version of the newest migration in every vendor's folder. */
    static final String NEWEST = "1";

    private static final String INSTALLED =
            "SELECT \"success\" FROM \"flyway_schema_history\" WHERE \"version\" = '" + NEWEST + "'";

    private Schema() {}

    /** Makes what is missing, from the migrations in the folder of this vendor. */
    static void migrate(DataSource database, String vendor) {
        try {
            if (!isNewest(database)) { // Flyway itself takes half a second to find that out
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

    private static boolean isNewest(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(INSTALLED)) {
            return rows.next() && rows.getBoolean(1);
        } catch (SQLException e) {
            if (e.getSQLState().startsWith("42")) { // ISO 9075: syntax error or access rule, here: no such table
                return false;
            }
            throw e;
        }
    }
}
