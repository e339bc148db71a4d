package org.channelgateway.server;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.channelgateway.config.Settings.Secret;
import org.channelgateway.ops.DatabaseProbe;
import org.channelgateway.ops.HealthRoutes;
import org.channelgateway.ops.MetricsRoutes;
import org.channelgateway.ops.Observed;
import org.channelgateway.registry.Registry;
import org.jspecify.annotations.Nullable;

/** What looks at a gateway, on threads of its own that start with the first question. */
final class Observation implements AutoCloseable {
    private final DatabaseProbe database;
    private final ExecutorService answers = Executors.newSingleThreadExecutor(task -> Timer.daemon(task, "ops"));

    Observation(Registry registry, LongSupplier ticker) {
        database = new DatabaseProbe(() -> registry.leases().live(), ticker);
    }

    HealthRoutes health(BooleanSupplier backend) {
        return new HealthRoutes(database, backend, answers);
    }

    MetricsRoutes metrics(@Nullable Secret secret, Observed observed) {
        return new MetricsRoutes(
                secret == null ? null : secret.value(), observed, database, observed.refusals(), answers);
    }

    @Override
    public void close() {
        database.close();
        answers.shutdown();
    }
}
