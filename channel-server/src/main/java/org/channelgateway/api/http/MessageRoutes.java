package org.channelgateway.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.Publication;
import org.channelgateway.channel.Published;
import org.channelgateway.http.Call;
import org.channelgateway.http.ProblemException;
import org.channelgateway.http.Route;
import org.channelgateway.limit.BatchLimits;

/** {@code /v1/channels/{key}/messages} and {@code /v1/messages}: send to one key, or to many at once. */
public final class MessageRoutes {
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    /** An item with one key has two brackets, two names, two brackets of the keys, and two values; some may have no key. */
    private static final int TOKENS_PER_KEY = 16;

    private final ChannelService channels;
    private final AppSecrets secrets;
    private final BatchLimits limits;
    private final Json.Reader batches;

    /** With the default bounds on what one request may send to many keys. */
    public MessageRoutes(ChannelService channels, AppSecrets secrets) {
        this(channels, secrets, BatchLimits.DEFAULT);
    }

    /** @param limits what one request may send to many keys */
    public MessageRoutes(ChannelService channels, AppSecrets secrets, BatchLimits limits) {
        this.channels = channels;
        this.secrets = secrets;
        this.limits = limits;
        this.batches = new Json.Reader(limits.maxKeys() * TOKENS_PER_KEY + TOKENS_PER_KEY);
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/v1/channels/*/messages", Refusals.translated(this::send)),
                Route.post("/v1/messages", Refusals.translated(this::sendMany)));
    }

    private void send(Call call) {
        String app = secrets.app(call);
        String key = call.variable("key");
        String type = ContentTypes.require(call, ContentTypes.TEXT, Json.CONTENT_TYPE);
        Refusals.body(call, Publication.MAX_BYTES, body -> {
            String message = Call.utf8("message", body);
            if (type.equals(Json.CONTENT_TYPE)) {
                Json.check(message); // its text is the message
            }
            List<Publication> one = List.of(channels.publication(key, message));
            Published published =
                    channels.publish(app, one, call.header(IDEMPOTENCY_KEY)).get(0);
            channels.whenRead(app, one, () -> Json.answer(call, 202, receipt(Json.object(), published)));
        });
    }

    private static ObjectNode receipt(ObjectNode answer, Published published) {
        return answer.put("id", published.id()).put("receivers", published.receivers());
    }

    private record Addressed(String key, Publication publication) {}

    /** Checks all first: either every message is sent, or none. */
    private void sendMany(Call call) {
        String app = secrets.app(call);
        ContentTypes.require(call, Json.CONTENT_TYPE);
        Refusals.body(call, limits.maxBytes(), body -> {
            List<Addressed> all = batch(app, batches.read(body));
            List<Publication> publications =
                    all.stream().map(Addressed::publication).toList();
            List<Published> published = channels.publish(app, publications, call.header(IDEMPOTENCY_KEY));
            ArrayNode receipts = JsonNodeFactory.instance.arrayNode();
            for (int i = 0; i < all.size(); i++) {
                receipts.add(receipt(Json.object().put("key", all.get(i).key), published.get(i)));
            }
            channels.whenRead(app, publications, () -> Json.answer(call, 202, receipts));
        });
    }

    private List<Addressed> batch(String app, JsonNode items) {
        if (!items.isArray()) {
            throw new ProblemException(400, "body: not an array (expected: [{\"keys\":[…],\"message\":\"…\"},…])");
        }
        List<Addressed> all = new ArrayList<>();
        for (JsonNode item : items) {
            Json.object("item", item, Set.of("keys", "message"));
            String message = Json.text(item, "message");
            for (String key : Json.texts(item, "keys")) {
                if (all.size() == limits.maxKeys()) {
                    throw new ProblemException(
                            413, "keys: more than " + limits.maxKeys() + " (expected: at most so many)");
                }
                all.add(new Addressed(key, channels.publicationToKeyOrToken(app, key, message)));
            }
        }
        return all;
    }
}
