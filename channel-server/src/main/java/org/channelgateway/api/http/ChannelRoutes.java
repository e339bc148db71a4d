package org.channelgateway.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.ChannelState;
import org.channelgateway.channel.Times;
import org.channelgateway.http.Call;
import org.channelgateway.http.Route;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.IssuedLease;
import org.eclipse.jetty.http.HttpHeader;

/** {@code /v1/channels} and {@code /v1/revoke}: create, look, list, revoke. */
public final class ChannelRoutes {
    private static final int MAX_BODY = 8 * 1024;
    private static final int PAGE = 100;

    private final ChannelService channels;
    private final AppSecrets secrets;

    public ChannelRoutes(ChannelService channels, AppSecrets secrets) {
        this.channels = channels;
        this.secrets = secrets;
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/v1/channels", Refusals.translated(this::create)),
                Route.get("/v1/channels", Refusals.translated(this::list)),
                Route.get("/v1/channels/*", Refusals.translated(this::look)),
                Route.delete("/v1/channels/*", Refusals.translated(this::revoke)),
                Route.post("/v1/revoke", Refusals.translated(this::revokeToken)));
    }

    private void create(Call call) {
        String app = secrets.app(call);
        ContentTypes.require(call, Json.CONTENT_TYPE);
        Refusals.body(call, MAX_BODY, body -> {
            JsonNode asked = Json.readObject(body, Set.of("key", "durationMinutes"));
            int minutes = Json.integer(asked, "durationMinutes", ChannelService.DEFAULT_MINUTES);
            Json.answer(call, 201, issued(channels.create(app, Json.text(asked, "key"), minutes), channels));
        });
    }

    /** What create answers. */
    public static ObjectNode issued(IssuedLease issued, ChannelService channels) {
        return Json.object()
                .put("token", issued.token().value())
                .put("jid", channels.jid(issued.lease()))
                .put("expiresAt", Times.text(issued.lease().expires()));
    }

    private void look(Call call) {
        String app = secrets.app(call);
        Json.answer(call, 200, state(channels.look(app, call.variable("key"))));
    }

    private static ObjectNode state(ChannelState state) {
        return Json.object()
                .put("key", state.key().text())
                .put("leases", state.leases())
                .put("subscribers", state.subscribers())
                .put("expiresAt", Times.text(state.expires()));
    }

    private void list(Call call) {
        String app = secrets.app(call);
        Query query = Query.of(call, Set.of("prefix", "after", "limit"));
        int limit = query.integer("limit", PAGE);
        List<ChannelKey> page = channels.list(app, query.text("prefix", ""), query.text("after"), limit);
        ObjectNode answer = Json.object();
        ArrayNode keys = answer.putArray("keys");
        page.forEach(key -> keys.add(key.text()));
        if (page.size() == limit) {
            answer.put("next", page.get(limit - 1).text());
        }
        Json.answer(call, 200, answer);
    }

    private void revoke(Call call) {
        channels.revoke(secrets.app(call), call.variable("key"));
        call.answer(204);
    }

    private void revokeToken(Call call) {
        String app = secrets.app(call);
        ContentTypes.require(call, Json.CONTENT_TYPE);
        Refusals.body(call, MAX_BODY, body -> {
            channels.revokeToken(app, Json.text(Json.readObject(body, Set.of("token")), "token"));
            call.setHeader(HttpHeader.CACHE_CONTROL, "no-store");
            call.answer(204);
        });
    }
}
