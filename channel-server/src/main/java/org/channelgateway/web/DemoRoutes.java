package org.channelgateway.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.channelgateway.api.http.ChannelRoutes;
import org.channelgateway.api.http.ContentTypes;
import org.channelgateway.api.http.Json;
import org.channelgateway.api.http.Refusals;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.Publication;
import org.channelgateway.channel.Published;
import org.channelgateway.http.Call;
import org.channelgateway.http.Origins;
import org.channelgateway.http.ProblemException;
import org.channelgateway.http.Route;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/**
 * The demo page and the two requests behind its form, which do for the page what an application's server would do. On
 * loopback only; the Host is checked, so that no other site reaches them by rebinding a name.
 */
public final class DemoRoutes {
    private static final int MAX_BODY = 256 * 1024;
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    /** Pictures from {@code data:}, for the page's icon is one. */
    private static final HttpField POLICY = new HttpField(
            "Content-Security-Policy",
            "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'");

    private final String app;
    private final ChannelService channels;
    private final Asset page;
    private final Asset script = asset("demo.js", "text/javascript; charset=utf-8");
    private final Asset style = asset("demo.css", "text/css; charset=utf-8");

    /**
     * @param app the app whose channels the page uses
     * @param secretFile where its secret is kept, as the page shows it
     * @param api where {@code /v1} is; empty when it is where the page is
     */
    public DemoRoutes(String app, String secretFile, String api, ChannelService channels) {
        this.app = app;
        this.channels = channels;
        String html = new String(asset("demo.html", "").plain(), StandardCharsets.UTF_8);
        page = Asset.text(
                "text/html; charset=utf-8",
                html.replace("{{secretFile}}", escaped(secretFile)).replace("{{api}}", escaped(api)));
    }

    private static Asset asset(String name, String contentType) {
        return Asset.resource(DemoRoutes.class, "demo/" + name, contentType);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/", this::page),
                Route.get("/_ah/channel/demo", this::page),
                Route.get("/_ah/channel/demo.js", call -> script.answer(call, "no-cache")),
                Route.get("/_ah/channel/demo.css", call -> style.answer(call, "no-cache")),
                Route.post("/_ah/channel/demo/channels", Refusals.translated(this::create)),
                Route.post("/_ah/channel/demo/messages", Refusals.translated(this::send)));
    }

    private void page(Call call) {
        call.addHeader(POLICY);
        page.answer(call, "no-cache");
    }

    private void create(Call call) {
        checkSameOrigin(call);
        Refusals.body(call, MAX_BODY, body -> {
            String key = Json.text(Json.readObject(body, Set.of("key")), "key");
            Json.answer(
                    call,
                    201,
                    ChannelRoutes.issued(channels.create(app, key, ChannelService.DEFAULT_MINUTES), channels));
        });
    }

    private void send(Call call) {
        checkSameOrigin(call);
        Refusals.body(call, MAX_BODY, body -> {
            JsonNode asked = Json.readObject(body, Set.of("key", "message"));
            Publication publication = channels.publication(Json.text(asked, "key"), Json.text(asked, "message"));
            Published published =
                    channels.publish(app, List.of(publication), null).get(0);
            Json.answer(call, 202, Json.object().put("id", published.id()).put("receivers", published.receivers()));
        });
    }

    private static void checkSameOrigin(Call call) {
        ContentTypes.require(call, "application/json");
        String host = String.valueOf(call.header(HttpHeader.HOST));
        if (!LOOPBACK.contains(host.replaceFirst(":[0-9]+$", ""))) {
            throw new ProblemException(403, "Host: not this machine (expected: localhost, 127.0.0.1 or [::1])");
        }
        String origin = call.header(HttpHeader.ORIGIN);
        if (origin != null && !Origins.isSame(origin, host)) {
            throw new ProblemException(403, "Origin: not this gateway's own page");
        }
    }
}
