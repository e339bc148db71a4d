package org.channelgateway.it;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoublePredicate;

/**
 * What {@code /metrics} said once, read.
 *
 * @param help by family
 * @param type by family
 * @param values by series: the name with its labels, as they are written
 */
record Metrics(Map<String, String> help, Map<String, String> type, Map<String, Double> values) {

    static Metrics of(GatewayFixture gateway) {
        return of(gateway.behind());
    }

    /** What all gateways of a fixture have counted. */
    static double sum(GatewayFixture gateways, String series) {
        return gateways.all().stream()
                .mapToDouble(gateway -> of(gateway).value(series))
                .sum();
    }

    static Metrics of(URI gateway) {
        HttpResponse<String> answer = get(gateway);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer + " " + answer.body() + " (expected: 200)");
        }
        return read(answer.body());
    }

    static HttpResponse<String> get(URI gateway, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve("metrics"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return ChannelApi.send(ChannelApi.client(), request.build());
    }

    private static Metrics read(String text) {
        Metrics metrics = new Metrics(new HashMap<>(), new HashMap<>(), new HashMap<>());
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                metrics.help.put(words[2], words[3]);
            } else if (line.startsWith("# TYPE ")) {
                metrics.type.put(words[2], words[3]);
            } else if (!line.startsWith("#")) {
                int value = line.lastIndexOf(' ');
                metrics.values.put(line.substring(0, value), number(line.substring(value + 1)));
            }
        }
        return metrics;
    }

    private static double number(String text) {
        return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }

    /** A series that is not there has not been counted. */
    double value(String series) {
        return values.getOrDefault(series, 0.0);
    }

    OptionalDouble find(String series) {
        Double value = values.get(series);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    Set<String> series() {
        return new HashSet<>(values.keySet());
    }

    /** Waits until a series has such a value, in all: what is counted comes a moment after what is seen. */
    static void until(GatewayFixture gateway, String series, DoublePredicate is) {
        await(series).until(() -> is.test(sum(gateway, series)));
    }
}
