package org.channelgateway.registry;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Lends the connections of a pool; what fails there becomes a {@link RegistryException}. Thread-safe. */
final class Database {
    /** Where connections come from, and who hears of what failed with them. */
    interface Source {
        DataSource connections();

        void failed(DataSource connections, SQLException failure);
    }

    private final Source source;

    Database(Source source) {
        this.source = source;
    }

    /** What is done with a connection. */
    @FunctionalInterface
    interface Work<R> {
        R run(Session session) throws SQLException;
    }

    /** Each statement commits. */
    <R> R with(Work<R> work) {
        DataSource pool = source.connections();
        try (Connection connection = pool.getConnection()) {
            return work.run(new Session(connection));
        } catch (SQLException e) {
            throw failed(pool, e);
        }
    }

    /** Commits at the end; after an exception the pool rolls back when the connection returns to it. */
    <R> R inTransaction(Work<R> work) {
        DataSource pool = source.connections();
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false); // the pool sets it again
            R result = work.run(new Session(connection));
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw failed(pool, e);
        }
    }

    private RegistryException failed(DataSource pool, SQLException e) {
        source.failed(pool, e);
        return new RegistryException("the registry's database failed: " + e.getMessage(), e);
    }
}
