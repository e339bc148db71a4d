package org.channelgateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Finds the route of a request: by the path as it was sent, literally; what is not listed does not exist. Cross-origin
 * requests pass only where the route and {@link Origins} allow it, and never with cookies.
 */
final class Router extends Handler.Abstract {
    private static final String PREFLIGHT_SECONDS = "600";

    private record Entry(Route route, List<String> segments) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Origins origins;

    Router(List<Route> routes, Origins origins) {
        for (Route route : routes) {
            entries.add(new Entry(route, route.segments()));
        }
        this.origins = origins;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        List<String> path = RoutePath.split(rawPath(request));
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        Set<String> methods = new TreeSet<>();
        boolean crossOrigin = false;
        for (Entry entry : entries) {
            int variable = RoutePath.match(entry.segments, path);
            if (variable < -1) {
                continue;
            }
            Route route = entry.route;
            if (route.method().equals(method)) {
                Call call = new Call(request, response, callback, variable < 0 ? null : path.get(variable));
                handle(route, call, response);
                return true;
            }
            methods.add(route.method());
            crossOrigin |= route.isCrossOrigin();
        }
        refuse(new Call(request, response, callback, null), methods, crossOrigin, response);
        return true;
    }

    private static String rawPath(Request request) {
        String path = request.getHttpURI().getPath();
        return path == null || !path.startsWith("/") ? "/" : path;
    }

    private void handle(Route route, Call call, Response response) {
        if (route.isCrossOrigin() && !allowOrigin(call, response)) {
            return;
        }
        call.attempt(() -> route.action().handle(call));
    }

    private void refuse(Call call, Set<String> methods, boolean crossOrigin, Response response) {
        String method = call.request().getMethod();
        if (methods.isEmpty()) {
            call.answer(new Problem(404, "path: nothing is there"));
        } else if (method.equals("OPTIONS") && crossOrigin) {
            if (allowOrigin(call, response)) {
                HttpFields.Mutable headers = response.getHeaders();
                headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_METHODS, String.join(", ", methods));
                headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS, "Content-Type");
                headers.put(HttpHeader.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
                call.answer(204);
            }
        } else {
            response.getHeaders().put(HttpHeader.ALLOW, String.join(", ", methods));
            call.answer(new Problem(405, "method: " + method + " (expected: " + String.join(" or ", methods) + ")"));
        }
    }

    private boolean allowOrigin(Call call, Response response) {
        String origin = call.header(HttpHeader.ORIGIN);
        response.getHeaders().put(HttpHeader.VARY, "Origin");
        if (!origins.allows(origin, call.header(HttpHeader.HOST))) {
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
