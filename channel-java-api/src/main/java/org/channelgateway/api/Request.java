package org.channelgateway.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the gateway: the child of an IQ, checked, and how its answer reads. Immutable.
 *
 * @param write true of an IQ of type set, false of type get
 * @param element local name in {@link #NAMESPACE}
 * @param text the content; empty for none
 * @param lane of the requests with the same lane only one is on its way at a time; null when the order does not matter
 * @param remembered whether the gateway knows a repeat by its id, for two minutes
 * @param reader may throw a {@link RefusedException}
 */
record Request<T>(
        boolean write,
        String element,
        Map<String, String> attributes,
        String text,
        @Nullable String lane,
        boolean remembered,
        Function<Answer, T> reader) {
    static final String NAMESPACE = "urn:channelgateway:1";
    private static final long OVERHEAD = 256;

    /** @param minutes 0 for the gateway's default */
    static Request<ChannelLease> create(String key, long minutes) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("key", key);
        if (minutes > 0) {
            attributes.put("duration", Long.toString(minutes));
        }
        return new Request<>(true, "create", attributes, "", null, false, answer -> {
            Answer.Result channel = result("channel", answer);
            return new ChannelLease(channel.text("token"), channel.text("jid"), instant(channel));
        });
    }

    static Request<Receipt> publish(String keyOrToken, String id, String message) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("key", keyOrToken);
        attributes.put("id", id);
        return new Request<>(true, "publish", attributes, message, keyOrToken, true, answer -> {
            Answer.Result published = result("published", answer);
            return new Receipt(published.text("id"), published.number("receivers"));
        });
    }

    /** After the publishes to the key that were asked for before. */
    static Request<Void> revoke(String key) {
        return revoke("key", key, key);
    }

    static Request<Void> revokeToken(String token) {
        return revoke("token", token, null);
    }

    @SuppressWarnings("NullAway") // the value of a Void
    private static Request<Void> revoke(String name, String value, @Nullable String lane) {
        return new Request<>(true, "revoke", Map.of(name, value), "", lane, false, answer -> {
            result("", answer);
            return null;
        });
    }

    static Request<Optional<ChannelState>> get(String key) {
        return new Request<>(false, "get", Map.of("key", key), "", null, false, answer -> {
            if (answer instanceof Answer.Refusal refusal
                    && refusal.reason().condition().equals("item-not-found")) {
                return Optional.empty();
            }
            Answer.Result state = result("state", answer);
            return Optional.of(new ChannelState(
                    state.text("key"), state.number("leases"), state.number("subscribers"), instant(state)));
        });
    }

    private static Answer.Result result(String element, Answer answer) {
        if (answer instanceof Answer.Refusal refusal) {
            throw refusal.reason();
        }
        if (answer instanceof Answer.Result result) {
            if (!result.element().equals(element)) {
                throw Answer.malformed(result, null);
            }
            return result;
        }
        throw new AssertionError(answer);
    }

    private static Instant instant(Answer.Result result) {
        try {
            return Instant.parse(result.text("expires"));
        } catch (DateTimeException e) {
            throw Answer.malformed(result, e);
        }
    }

    <U> Request<U> map(Function<T, U> then) {
        return new Request<>(write, element, attributes, text, lane, remembered, reader.andThen(then));
    }

    /** What it costs to let it wait. */
    long bytes() {
        long bytes = OVERHEAD + Text.utf8Length(text);
        for (String value : attributes.values()) {
            bytes += Text.utf8Length(value);
        }
        return bytes;
    }

    /** Without the key, the message and the token. */
    @Override
    public String toString() {
        return "<" + element + "/>";
    }
}
