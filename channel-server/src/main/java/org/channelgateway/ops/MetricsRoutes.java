package org.channelgateway.ops;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.channelgateway.http.Call;
import org.channelgateway.http.Route;
import org.channelgateway.stats.RefusalCounts;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /metrics}: Prometheus' text format. The meters are made by the first request, so that a start does not pay for
 * them. Within about a second also when the database hangs.
 */
public final class MetricsRoutes {
    private final MetricsReaders readers;
    private final DatabaseProbe database;
    private final Supplier<Meters> maker;
    private final Executor answers;
    /** Null until the first request; confined to {@code answers}. */
    private @Nullable Meters meters;

    /**
     * @param secret what a reader needs; null lets this machine read, and nobody else
     * @param answers one thread
     */
    public MetricsRoutes(
            @Nullable String secret,
            Observed observed,
            DatabaseProbe database,
            RefusalCounts refusals,
            Executor answers) {
        this.readers = new MetricsReaders(secret, refusals);
        this.database = database;
        this.maker = () -> new Meters(observed);
        this.answers = answers;
    }

    public List<Route> routes() {
        return List.of(Route.get("/metrics", this::scrape));
    }

    private void scrape(Call call) {
        readers.check(call);
        CompletableFuture<Void> unused =
                database.ask().thenAcceptAsync(answer -> call.attempt(() -> answer(call, answer)), answers);
    }

    private void answer(Call call, DatabaseProbe.Answer database) {
        if (meters == null) {
            meters = maker.get();
        }
        call.setHeader(HttpHeader.CACHE_CONTROL, "no-store");
        call.answer(200, Meters.CONTENT_TYPE, meters.scrape(database).getBytes(StandardCharsets.UTF_8));
    }
}
