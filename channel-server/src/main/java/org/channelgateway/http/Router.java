package org.channelgateway.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.channelgateway.limit.HeapRoom;
import org.channelgateway.stats.RefusalCounts;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request: by the path as it was sent, literally; what is not listed does not exist. Cross-origin
 * requests pass only where the route and {@link Origins} allow it, and never with cookies.
 */
final class Router extends Handler.Abstract {
    private static final String DOOR = "http";
    private static final String PREFLIGHT_SECONDS = "600";

    private static final HttpField VARY_ORIGIN = new PreEncodedHttpField(HttpHeader.VARY, "Origin");
    private static final HttpField NO_SNIFF = new PreEncodedHttpField("X-Content-Type-Options", "nosniff");

    /** The routes of one path, by method. */
    private record Entry(List<String> segments, Map<String, Route> byMethod) {}

    /** Paths without a variable, as they are sent: most requests are found here. */
    private final Map<String, Entry> literals = new HashMap<>();

    private final List<Entry> patterns = new ArrayList<>();
    private final Origins origins;
    private final @Nullable Workers workers;
    private final RefusalCounts refusals;
    private final HeapRoom ofPages;
    private final HeapRoom ofApplications;

    /**
     * @param workers handle what is not prompt; null when the thread that reads a request handles it
     * @param ofPages room for the bodies of routes that pages of other origins may use
     * @param ofApplications for those of all other routes
     */
    Router(
            List<Route> routes,
            Origins origins,
            @Nullable Workers workers,
            RefusalCounts refusals,
            HeapRoom ofPages,
            HeapRoom ofApplications) {
        super(workers == null ? InvocationType.BLOCKING : InvocationType.NON_BLOCKING);
        this.workers = workers;
        this.ofPages = ofPages;
        this.ofApplications = ofApplications;
        Map<String, Entry> byPath = new LinkedHashMap<>();
        for (Route route : routes) {
            Entry entry = byPath.computeIfAbsent(route.path(), path -> new Entry(route.segments(), new TreeMap<>()));
            entry.byMethod.put(route.method(), route);
        }
        byPath.forEach((path, entry) -> {
            if (entry.segments.contains(RoutePath.ANY)) {
                patterns.add(entry);
            } else {
                literals.put(path, entry);
            }
        });
        this.origins = origins;
        this.refusals = refusals;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put(NO_SNIFF);
        String path = rawPath(request);
        Entry literal = literals.get(path);
        if (literal != null) {
            route(literal, new Call(request, response, callback, null), response);
            return true;
        }
        List<String> segments = RoutePath.split(path);
        for (Entry entry : patterns) {
            int variable = RoutePath.match(entry.segments, segments);
            if (variable >= 0) {
                route(entry, new Call(request, response, callback, segments.get(variable)), response);
                return true;
            }
        }
        refusals.add(DOOR, "path");
        new Call(request, response, callback, null).answer(new Problem(404, "path: nothing is there"));
        return true;
    }

    private static String rawPath(Request request) {
        String path = request.getHttpURI().getPath();
        return path == null || !path.startsWith("/") ? "/" : path;
    }

    private void route(Entry entry, Call call, Response response) {
        String method = call.request().getMethod();
        Route route = entry.byMethod.get(method.equals("HEAD") ? "GET" : method);
        if (route == null) {
            refuseMethod(entry, call, response);
        } else if (!route.isCrossOrigin() || allowOrigin(call, response)) {
            handle(route, call);
        }
    }

    private void handle(Route route, Call call) {
        call.found(
                route.path(),
                route.isCrossOrigin() ? () -> ofPages.claim(call.network()) : () -> ofApplications.claim(null),
                reason -> refusals.add(DOOR, reason));
        if (workers == null || route.isPrompt()) {
            call.attempt(() -> route.action().handle(call));
        } else {
            call.handOverTo(workers);
            call.proceed(() -> route.action().handle(call));
        }
    }

    private void refuseMethod(Entry entry, Call call, Response response) {
        Set<String> methods = entry.byMethod.keySet();
        String method = call.request().getMethod();
        boolean crossOrigin = entry.byMethod.values().stream().anyMatch(Route::isCrossOrigin);
        if (method.equals("OPTIONS") && crossOrigin) {
            preflight(methods, call, response);
        } else {
            refusals.add(DOOR, "method");
            response.getHeaders().put(HttpHeader.ALLOW, String.join(", ", methods));
            call.answer(new Problem(405, "method: " + method + " (expected: " + String.join(" or ", methods) + ")"));
        }
    }

    private void preflight(Set<String> methods, Call call, Response response) {
        if (allowOrigin(call, response)) {
            HttpFields.Mutable headers = response.getHeaders();
            headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_METHODS, String.join(", ", methods));
            headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS, "Content-Type");
            headers.put(HttpHeader.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
            call.answer(204);
        }
    }

    private boolean allowOrigin(Call call, Response response) {
        String origin = call.header(HttpHeader.ORIGIN);
        response.getHeaders().put(VARY_ORIGIN);
        if (!origins.allows(origin, call.header(HttpHeader.HOST))) {
            if (origin != null && !call.request().getMethod().equals("OPTIONS")) {
                // the page may read this refusal: it would take an unreadable one for a lost network
                response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            }
            refusals.add(DOOR, "origin");
            call.answer(new Problem(403, "Origin: not among the origins that an app of this gateway allows"));
            return false;
        }
        if (origin != null) {
            response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            response.getHeaders().put(HttpHeader.ACCESS_CONTROL_EXPOSE_HEADERS, HttpHeader.RETRY_AFTER.asString());
        }
        return true;
    }
}
