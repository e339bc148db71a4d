package org.channelgateway.registry;

import com.zaxxer.hikari.HikariDataSource;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** The connections to one database; what fails there becomes a {@link RegistryException}. Thread-safe. */
final class Database implements AutoCloseable {
    private final HikariDataSource pool;
    private final Jdbi jdbi;

    Database(HikariDataSource pool) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
    }

    <R> R with(HandleCallback<R, RuntimeException> work) {
        try {
            return jdbi.withHandle(work);
        } catch (JdbiException e) {
            throw failed(e);
        }
    }

    void use(HandleConsumer<RuntimeException> work) {
        with(work.asCallback());
    }

    <R> R inTransaction(HandleCallback<R, RuntimeException> work) {
        try {
            return jdbi.inTransaction(work);
        } catch (JdbiException e) {
            throw failed(e);
        }
    }

    private static RegistryException failed(JdbiException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new RegistryException("the registry's database failed: " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        pool.close();
    }
}
