package org.channelgateway.ops;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.channelgateway.api.http.Json;
import org.channelgateway.http.Call;
import org.channelgateway.http.Route;
import org.eclipse.jetty.http.HttpHeader;

/**
 * {@code GET /healthz}: 200 as long as anything is answered. {@code GET /readyz}: 200, or 503 with the reasons, within a second
 * even when the database hangs.
 */
public final class HealthRoutes {
    private static final String RETRY_SECONDS = "5";

    private final DatabaseProbe database;
    private final BooleanSupplier backend;
    private final Executor answers;
    private volatile boolean stopping;

    /**
     * @param backend true when the XMPP backend can make sessions
     * @param answers runs what answers a request once the database has
     */
    public HealthRoutes(DatabaseProbe database, BooleanSupplier backend, Executor answers) {
        this.database = database;
        this.backend = backend;
        this.answers = answers;
    }

    public List<Route> routes() {
        return List.of(Route.get("/healthz", HealthRoutes::health), Route.get("/readyz", this::ready));
    }

    /** Not ready from now on. */
    public void stop() {
        stopping = true;
    }

    private static void health(Call call) {
        Json.answer(call, 200, Json.object().put("status", "up"));
    }

    private void ready(Call call) {
        if (stopping) {
            refuse(call, List.of("stopping"));
            return;
        }
        CompletableFuture<Void> unused =
                database.ask().thenAcceptAsync(answer -> call.attempt(() -> answer(call, answer)), answers);
    }

    private void answer(Call call, DatabaseProbe.Answer database) {
        List<String> reasons = new ArrayList<>();
        if (stopping) {
            reasons.add("stopping");
        } else if (!backend.getAsBoolean()) {
            reasons.add("backend: makes no sessions");
        }
        if (!database.up()) {
            reasons.add("database: " + database.problem());
        }
        if (reasons.isEmpty()) {
            Json.answer(call, 200, Json.object().put("status", "ready"));
        } else {
            refuse(call, reasons);
        }
    }

    private static void refuse(Call call, List<String> reasons) {
        ObjectNode problem = Json.object()
                .put("status", 503)
                .put("title", "Service Unavailable")
                .put("detail", "not ready: " + String.join("; ", reasons));
        reasons.forEach(problem.putArray("reasons")::add);
        call.setHeader(HttpHeader.CACHE_CONTROL, "no-store");
        call.setHeader(HttpHeader.RETRY_AFTER, RETRY_SECONDS);
        call.answer(503, "application/problem+json", Json.bytes(problem));
    }
}
