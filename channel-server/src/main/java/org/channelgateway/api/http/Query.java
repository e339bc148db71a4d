package org.channelgateway.api.http;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.channelgateway.http.Call;
import org.channelgateway.http.PercentDecoder;
import org.channelgateway.http.ProblemException;
import org.jspecify.annotations.Nullable;

/** The query of a URL, {@code name=value} pairs percent-encoded in UTF-8 (a {@code +} is a plus sign). */
final class Query {
    private final Map<String, String> values = new HashMap<>();

    private Query() {}

    static Query of(Call call, Set<String> known) {
        Query query = new Query();
        String raw = call.request().getHttpURI().getQuery();
        if (raw == null || raw.isEmpty()) {
            return query;
        }
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!known.contains(name)) {
                throw new ProblemException(
                        400,
                        "query: unknown parameter (expected: "
                                + String.join(", ", known.stream().sorted().toList()) + ")");
            }
            String value = PercentDecoder.decode(name, equals < 0 ? "" : pair.substring(equals + 1));
            if (query.values.put(name, value) != null) {
                throw new ProblemException(400, name + ": given twice (expected: once)");
            }
        }
        return query;
    }

    @Nullable
    String text(String name) {
        return values.get(name);
    }

    String text(String name, String unset) {
        return values.getOrDefault(name, unset);
    }

    int integer(String name, int unset) {
        String text = values.get(name);
        if (text == null) {
            return unset;
        }
        if (!text.matches("-?[0-9]{1,9}")) {
            throw new ProblemException(400, name + ": not a whole number (expected: e.g. " + unset + ")");
        }
        return Integer.parseInt(text);
    }
}
