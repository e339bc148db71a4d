package org.channelgateway.api.http;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.channelgateway.channel.RefusedException;
import org.channelgateway.http.Call;
import org.channelgateway.http.Problem;
import org.channelgateway.http.ProblemException;
import org.channelgateway.http.Route;
import org.channelgateway.limit.Retry;
import org.channelgateway.registry.RegistryException;
import org.channelgateway.stats.RefusalCounts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says the service's refusals in HTTP. */
public final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final Duration REGISTRY_RETRY = Duration.ofSeconds(5);

    private Refusals() {}

    /** The same routes; what they answer with a problem is counted under {@code door}, by the kind of its status. */
    public static List<Route> counted(String door, RefusalCounts counts, List<Route> routes) {
        return routes.stream()
                .map(route -> new Route(
                        route.method(),
                        route.path(),
                        call -> {
                            call.onProblem(problem -> counts.add(door, reason(problem)));
                            route.action().handle(call);
                        },
                        route.isCrossOrigin(),
                        route.isPrompt()))
                .toList();
    }

    private static String reason(Problem problem) {
        return problem.reason() == null ? reason(problem.status()) : problem.reason();
    }

    private static String reason(int status) {
        return switch (status) {
            case 400 -> "malformed";
            case 401 -> "secret";
            case 403 -> "origin";
            case 404 -> "not-found";
            case 413 -> "too-large";
            case 415 -> "media-type";
            case 422 -> "invalid";
            case 429 -> "too-many";
            case 503 -> "unavailable";
            default -> status >= 500 ? "failed" : "other";
        };
    }

    public static Route.Action translated(Route.Action action) {
        return call -> translate(() -> action.handle(call));
    }

    /** Reads a body and goes on, with refusals translated there, too. */
    public static void body(Call call, int maxBytes, Consumer<byte[]> then) {
        call.body(maxBytes, bytes -> translate(() -> then.accept(bytes)));
    }

    /** The same, with something else than 413 for a body that is too long. */
    public static void body(Call call, int maxBytes, Consumer<byte[]> then, Runnable tooLong) {
        call.body(maxBytes, bytes -> translate(() -> then.accept(bytes)), tooLong);
    }

    /** Runs a step; what the service refuses becomes a {@link ProblemException}. */
    public static void translate(Runnable step) {
        try {
            step.run();
        } catch (RefusedException e) {
            String detail = String.valueOf(e.getMessage());
            throw new ProblemException(
                    switch (e.kind()) {
                        case INVALID -> new Problem(422, detail);
                        case TOO_LARGE -> new Problem(413, detail);
                        case NOT_FOUND -> new Problem(404, detail);
                        case TOO_MANY -> new Problem(429, detail, e.retryAfter(), e.reason());
                        case OVERLOADED, STOPPING, UNREACHABLE -> new Problem(503, detail, e.retryAfter(), e.reason());
                    });
        } catch (RegistryException e) {
            if (e.isNew()) {
                LOG.error("the registry failed", e);
            }
            throw new ProblemException(
                    new Problem(503, "the registry cannot be reached now", Retry.after(REGISTRY_RETRY), "registry"));
        }
    }
}
