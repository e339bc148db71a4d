package org.channelgateway.web;

import java.util.List;
import org.channelgateway.http.Call;
import org.channelgateway.http.Route;
import org.eclipse.jetty.http.HttpField;

/** The browser library: what {@code <script src='/_ah/channel/jsapi'>} loads. */
public final class JsapiRoutes {
    private static final String JAVASCRIPT = "text/javascript; charset=utf-8";
    private static final String CACHED = "public, max-age=3600";
    private static final String REVALIDATED = "no-cache";
    /** Pages of other origins load the script, even those that isolate themselves. */
    private static final HttpField ANY_ORIGIN = new HttpField("Cross-Origin-Resource-Policy", "cross-origin");

    private final Asset minified = resource("jsapi.js", JAVASCRIPT);
    private final Asset readable = resource("jsapi-debug.js", JAVASCRIPT);
    private final Asset map = resource("jsapi-debug.js.map", "application/json");

    private static Asset resource(String name, String contentType) {
        return Asset.resource(JsapiRoutes.class, "/org/channelgateway/js/" + name, contentType);
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/_ah/channel/jsapi", this::script).prompt(),
                Route.get("/_ah/channel/jsapi-debug.js.map", call -> map.answer(call, REVALIDATED))
                        .prompt());
    }

    private void script(Call call) {
        call.addHeader(ANY_ORIGIN);
        if ("debug=1".equals(call.request().getHttpURI().getQuery())) {
            readable.answer(call, REVALIDATED);
        } else {
            minified.answer(call, CACHED);
        }
    }
}
