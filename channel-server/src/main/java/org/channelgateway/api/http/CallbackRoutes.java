package org.channelgateway.api.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.channelgateway.callback.ApplicationCallbacks;
import org.channelgateway.channel.Times;
import org.channelgateway.http.Call;
import org.channelgateway.http.Problem;
import org.channelgateway.http.ProblemException;
import org.channelgateway.http.Route;
import org.channelgateway.registry.Callback;
import org.channelgateway.registry.CallbackState;
import org.jspecify.annotations.Nullable;

/** The callbacks of an application: what waits, what failed; to be tried again or dropped. */
public final class CallbackRoutes {
    private static final int PAGE = 100;
    private static final int MAX_PAGE = 1000;
    private static final String STATES =
            Arrays.stream(CallbackState.values()).map(CallbackState::word).collect(Collectors.joining(", "));

    private final ApplicationCallbacks callbacks;
    private final AppSecrets secrets;

    public CallbackRoutes(ApplicationCallbacks callbacks, AppSecrets secrets) {
        this.callbacks = callbacks;
        this.secrets = secrets;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v1/callbacks", Refusals.translated(this::list)),
                Route.get("/v1/callbacks/*", Refusals.translated(this::look)),
                Route.post("/v1/callbacks/*/retry", Refusals.translated(this::retry)),
                Route.post("/v1/callbacks/retry", Refusals.translated(this::retryFailed)),
                Route.delete("/v1/callbacks", Refusals.translated(this::dropFailed)),
                Route.delete("/v1/callbacks/*", Refusals.translated(this::drop)));
    }

    private void list(Call call) {
        String app = secrets.app(call);
        Query query = Query.of(call, Set.of("state", "after", "limit"));
        int limit = query.integer("limit", PAGE);
        if (limit < 1 || limit > MAX_PAGE) {
            throw new ProblemException(422, "limit: " + limit + " (expected: 1.." + MAX_PAGE + ")");
        }
        List<Callback> page = callbacks.list(app, state(query.text("state")), after(query.text("after", "0")), limit);
        ObjectNode answer = Json.object();
        ArrayNode shown = answer.putArray("callbacks");
        page.forEach(callback -> shown.add(shown(callback)));
        if (page.size() == limit) {
            answer.put("next", Long.toString(page.get(limit - 1).id()));
        }
        Json.answer(call, 200, answer);
    }

    private static @Nullable CallbackState state(@Nullable String word) {
        if (word == null) {
            return null;
        }
        for (CallbackState state : CallbackState.values()) {
            if (state.word().equals(word.toLowerCase(Locale.ROOT))) {
                return state;
            }
        }
        throw new ProblemException(422, "state: not one (expected: " + STATES + ")");
    }

    private static long after(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw new ProblemException(422, "after: not a position (expected: what next said)");
        }
        return Long.parseLong(text);
    }

    private void look(Call call) {
        String app = secrets.app(call);
        Json.answer(call, 200, shown(find(app, call)));
    }

    private Callback find(String app, Call call) {
        return callbacks
                .find(app, call.variable("name"))
                .orElseThrow(() -> new ProblemException(404, "name: no callback of this app has it"));
    }

    /** Not what it says: a page of the application may hold something private. */
    private static ObjectNode shown(Callback callback) {
        return Json.object()
                .put("name", callback.name())
                .put("kind", callback.kind().word())
                .put("key", callback.key().text())
                .put("state", callback.state().word())
                .put("attempts", callback.attempts())
                .put("since", Times.text(callback.notBefore()))
                .put(callback.isOver() ? "endedAt" : "dueAt", Times.text(callback.due()))
                .put("error", callback.error());
    }

    private void retry(Call call) {
        String app = secrets.app(call);
        Callback found = find(app, call);
        if (!callbacks.retry(app, found.name())) {
            throw state(found, CallbackState.FAILED.word());
        }
        call.answer(204);
    }

    private void drop(Call call) {
        String app = secrets.app(call);
        Callback found = find(app, call);
        if (!callbacks.drop(app, found.name())) {
            throw state(found, "one that is not running");
        }
        call.answer(204);
    }

    private void retryFailed(Call call) {
        String app = secrets.app(call);
        onlyFailed(call);
        Json.answer(call, 200, Json.object().put("queued", callbacks.retryFailed(app)));
    }

    private void dropFailed(Call call) {
        String app = secrets.app(call);
        onlyFailed(call);
        Json.answer(call, 200, Json.object().put("dropped", callbacks.dropFailed(app)));
    }

    /** Said in words, so that nobody drops more than was meant. */
    private static void onlyFailed(Call call) {
        if (state(Query.of(call, Set.of("state")).text("state")) != CallbackState.FAILED) {
            throw new ProblemException(422, "state: not given (expected: failed)");
        }
    }

    private static ProblemException state(Callback found, String expected) {
        return new ProblemException(
                new Problem(409, "state: " + found.state().word() + " (expected: " + expected + ")"));
    }
}
