package org.channelgateway.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.channelgateway.LeakWatch;
import org.channelgateway.nginx.SelfSigned;

/** What an application's server says to {@code /v1}. Anything but the expected status is an {@link AssertionError}. */
final class ChannelApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What create answers. */
    record Created(String token, String jid) {}

    private final URI gateway;
    private final String secret;
    private final HttpClient http = client();

    ChannelApi(URI gateway, String secret) {
        this.gateway = gateway;
        this.secret = secret;
    }

    /** Where it is asked. */
    URI uri() {
        return gateway;
    }

    String secret() {
        return secret;
    }

    /** A client of the gateway as the tests use it. */
    static HttpClient client() {
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
        if (!System.getProperty(GatewayFixture.KIND, "embedded").equals("embedded")) {
            client.sslContext(SelfSigned.trusting());
        }
        return client.build();
    }

    /** A token for {@code key} that lasts for the default time. */
    String token(String key) {
        return create(key).token();
    }

    Created create(String key) {
        return create(JSON.createObjectNode().put("key", key));
    }

    Created create(String key, int minutes) {
        return create(JSON.createObjectNode().put("key", key).put("durationMinutes", minutes));
    }

    private Created create(ObjectNode asked) {
        JsonNode answer = read(exchange(201, "POST", "v1/channels", "application/json", asked.toString()));
        return new Created(answer.path("token").textValue(), answer.path("jid").textValue());
    }

    /** What time the gateway has, or a second less: told by the end of a channel that is made for it, at a whole second. */
    Instant time() {
        ObjectNode asked = JSON.createObjectNode().put("key", "time").put("durationMinutes", 1);
        JsonNode answer = read(exchange(201, "POST", "v1/channels", "application/json", asked.toString()));
        revokeToken(answer.path("token").textValue());
        return Instant.parse(answer.path("expiresAt").textValue()).minus(Duration.ofSeconds(61));
    }

    /** Returns how many sessions got it. */
    int send(String key, String message) {
        LeakWatch.secret(message);
        String path = "v1/channels/" + encoded(key) + "/messages";
        return read(exchange(202, "POST", path, "text/plain; charset=utf-8", message))
                .path("receivers")
                .intValue();
    }

    /** Sends all in one request. */
    void sendAtOnce(String key, List<String> messages) {
        messages.forEach(LeakWatch::secret);
        ArrayNode batch = JSON.createArrayNode();
        for (String message : messages) {
            ObjectNode item = batch.addObject().put("message", message);
            item.putArray("keys").add(key);
        }
        exchange(202, "POST", "v1/messages", "application/json", batch.toString());
    }

    /** How many sessions listen to the key; empty when no token for it is valid. */
    OptionalInt subscribers(String key) {
        HttpResponse<String> answer = exchange("GET", "v1/channels/" + encoded(key), Optional.empty(), "");
        if (answer.statusCode() == 404) {
            return OptionalInt.empty();
        }
        expect(200, answer);
        return OptionalInt.of(read(answer).path("subscribers").intValue());
    }

    void revoke(String key) {
        expect(204, exchange("DELETE", "v1/channels/" + encoded(key), Optional.empty(), ""));
    }

    void revokeToken(String token) {
        String body = JSON.createObjectNode().put("token", token).toString();
        exchange(204, "POST", "v1/revoke", "application/json", body);
    }

    /** Asks {@code /v1/callbacks} followed by {@code path}. */
    HttpResponse<String> callbacks(String method, String path) {
        return exchange(method, "v1/callbacks" + path, Optional.empty(), "");
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpResponse<String> exchange(int expected, String method, String path, String contentType, String body) {
        HttpResponse<String> answer = exchange(method, path, Optional.of(contentType), body);
        expect(expected, answer);
        return answer;
    }

    private HttpResponse<String> exchange(String method, String path, Optional<String> contentType, String body) {
        BodyPublisher publisher = contentType.isPresent() ? BodyPublishers.ofString(body) : BodyPublishers.noBody();
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + secret)
                .method(method, publisher);
        contentType.ifPresent(type -> request.header("Content-Type", type));
        return send(http, request.build());
    }

    /** Sends a request whose answer is text. */
    static HttpResponse<String> send(HttpClient http, HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void expect(int status, HttpResponse<String> answer) {
        if (answer.statusCode() != status) {
            throw new AssertionError(answer + " " + answer.body() + " (expected: " + status + ")");
        }
    }

    private static JsonNode read(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
