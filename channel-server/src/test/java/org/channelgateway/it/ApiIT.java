package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each request under /v1, as a server that is not Java would make it. */
final class ApiIT {
    private static GatewayFixture gateway;
    private static HttpDoors doors;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
        doors = HttpDoors.of(gateway);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static JsonNode body(HttpResponse<String> answer, int status) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        return new ObjectMapper().readTree(answer.body());
    }

    private static String create(String key) throws Exception {
        String asked = new ObjectMapper().createObjectNode().put("key", key).toString();
        return body(doors.json("POST", "/v1/channels", asked), 201)
                .path("token")
                .textValue();
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace(".", "%2E");
    }

    private static HttpResponse<String> connect(String token) {
        return doors.text("/_ah/channel/connect", token);
    }

    private static void awaitSubscribers(String key, int count) {
        await().untilAsserted(() -> assertThat(gateway.api().subscribers(key)).hasValue(count));
    }

    @Test
    void createsATokenThatLivesTwoHoursUnlessAskedOtherwise() throws Exception {
        JsonNode two = body(doors.json("POST", "/v1/channels", "{\"key\":\"create\"}"), 201);
        assertThat(two.path("token").textValue()).matches("[A-Za-z0-9_-]{1,128}");
        assertThat(two.path("jid").textValue()).matches("ch-[a-z0-9]+@localhost");
        assertExpiry(two, Duration.ofHours(2));
        assertExpiry(
                body(doors.json("POST", "/v1/channels", "{\"key\":\"create\",\"durationMinutes\":1}"), 201),
                Duration.ofMinutes(1));
        assertExpiry(
                body(doors.json("POST", "/v1/channels", "{\"key\":\"create\",\"durationMinutes\":1440}"), 201),
                Duration.ofDays(1));
    }

    private static void assertExpiry(JsonNode created, Duration lifetime) {
        Instant expires = Instant.parse(created.path("expiresAt").textValue());
        assertThat(Duration.between(gateway.now(), expires)).isCloseTo(lifetime, Duration.ofSeconds(20));
    }

    @Test
    void connectsWithATokenAndWhiteSpaceAroundIt() throws Exception {
        JsonNode session = body(connect("  " + create("connect") + "\r\n"), 200);
        assertThat(session.path("jid").textValue()).matches("ch-[a-z0-9]+@localhost/.+");
        assertThat(session.path("sid").textValue()).hasSizeGreaterThanOrEqualTo(22);
        assertThat(session.path("rid").isIntegralNumber()).isTrue();
        assertThat(session.path("wait").intValue()).isEqualTo(60);
        assertThat(session.path("hold").intValue()).isEqualTo(1);
        assertThat(session.path("requests").intValue()).isEqualTo(2);
        assertThat(session.path("inactivity").intValue()).isEqualTo(150);
        assertThat(session.path("path").textValue()).matches("/http-bind(/one/.+)?");
        assertThat(session.path("channel").textValue()).isNotEmpty();
        assertThat(Instant.parse(session.path("expiresAt").textValue())).isAfter(gateway.now());
        assertThat(doors.text("/_ah/channel/disconnect", session.path("sid").textValue())
                        .statusCode())
                .isEqualTo(204);
        awaitSubscribers("connect", 0);
    }

    @Test
    void countsTheSessionsThatAMessageWasHandedTo() throws Exception {
        assertThat(body(doors.text("/v1/channels/nobody/messages", "x"), 202)
                        .path("receivers")
                        .intValue())
                .isZero();
        connect(create("counted"));
        connect(create("counted"));
        JsonNode sent = body(doors.text("/v1/channels/counted/messages", "x"), 202);
        assertThat(sent.path("receivers").intValue()).isEqualTo(2);
        assertThat(sent.path("id").textValue()).isNotEmpty();
        JsonNode state = body(doors.send("GET", "/v1/channels/counted", ""), 200);
        assertThat(state.path("key").textValue()).isEqualTo("counted");
        assertThat(state.path("leases").intValue()).isEqualTo(2);
        assertThat(state.path("subscribers").intValue()).isEqualTo(2);
        assertThat(Instant.parse(state.path("expiresAt").textValue())).isAfter(gateway.now());
    }

    @Test
    void sendsJsonAsItsText() throws Exception {
        JsonNode sent = body(doors.json("POST", "/v1/channels/json/messages", "{ \"move\" : 3 }"), 202);
        assertThat(sent.path("receivers").intValue()).isZero();
        assertThat(doors.json("POST", "/v1/channels/json/messages", "{\"move\"").statusCode())
                .isEqualTo(400);
    }

    @Test
    void sendsToManyKeysAndTokensInOrder() throws Exception {
        String token = create("many-a");
        connect(token);
        String asked = "[{\"keys\":[\"many-b\",\"%s\"],\"message\":\"1\"},{\"keys\":[\"many-a\"],\"message\":\"2\"}]"
                .formatted(token);
        JsonNode receipts = body(doors.json("POST", "/v1/messages", asked), 202);
        assertThat(receipts).hasSize(3);
        assertThat(receipts.findValuesAsText("key")).containsExactly("many-b", token, "many-a");
        assertThat(receipts.findValuesAsText("receivers")).containsExactly("0", "1", "1");
    }

    @Test
    void sendsAllOrNothing() throws Exception {
        connect(create("atomic"));
        String asked = "[{\"keys\":[\"atomic\"],\"message\":\"1\"},{\"keys\":[\"\"],\"message\":\"2\"}]";
        assertThat(doors.json("POST", "/v1/messages", asked).statusCode()).isEqualTo(422);
        JsonNode session = body(connect(create("atomic")), 200);
        assertThat(session.path("sid").textValue()).isNotEmpty();
        assertThat(body(doors.text("/v1/channels/atomic/messages", "3"), 202)
                        .path("receivers")
                        .intValue())
                .isEqualTo(2);
    }

    @Test
    void refusesTheIdOfABatchBeforeAnythingIsSent() throws Exception {
        String asked = "[{\"keys\":[\"batch\",\"batch\",\"batch\"],\"message\":\"1\"}]";
        JsonNode first = body(sendMany(asked, "b"), 202);
        assertThat(body(sendMany(asked, "b"), 202)).isEqualTo(first);
        assertThat(sendMany(asked, "x".repeat(129)).statusCode()).isEqualTo(422);
        assertThat(sendMany(asked.replace('1', '2'), "b").statusCode()).isEqualTo(422);
        assertThat(doors.text("/v1/channels/batch/messages", "1", "Idempotency-Key", "b/0")
                        .statusCode())
                .isEqualTo(202);
    }

    private static HttpResponse<String> sendMany(String asked, String id) {
        return doors.send("POST", "/v1/messages", asked, "Content-Type", "application/json", "Idempotency-Key", id);
    }

    @Test
    void takesAnyJsonAsAMessage() {
        for (String json :
                new String[] {"{\"a\":1,\"a\":2}", "[".repeat(500) + "]".repeat(500), "1".repeat(5000), "\"x\"", "null"
                }) {
            assertThat(doors.json("POST", "/v1/channels/json/messages", json).statusCode())
                    .isEqualTo(202);
        }
        assertThat(doors.json("POST", "/v1/channels/json/messages", "1 2").statusCode())
                .isEqualTo(400);
    }

    @Test
    void answersARepeatedPublishAsTheFirstTime() throws Exception {
        String path = "/v1/channels/repeated/messages";
        String first = doors.text(path, "x", "Idempotency-Key", "one").body();
        connect(create("repeated"));
        assertThat(doors.text(path, "x", "Idempotency-Key", "one").body()).isEqualTo(first);
        assertThat(doors.text(path, "y", "Idempotency-Key", "one").statusCode()).isEqualTo(422);
        assertThat(doors.text(path, "x", "Idempotency-Key", "two").body()).isNotEqualTo(first);
    }

    @Test
    void takesAnyTextAsAKey() throws Exception {
        List<String> keys = List.of(
                "a/b",
                "a@b",
                "~a",
                "a b",
                "Ab",
                "😀",
                "é",
                "..",
                ".",
                "%2F",
                "a?b#c",
                "a;b",
                "+",
                "\t\n\r",
                "ab".repeat(128));
        for (String key : keys) {
            create(key);
            JsonNode state = body(doors.send("GET", "/v1/channels/" + encoded(key), ""), 200);
            assertThat(state.path("key").textValue()).isEqualTo(key);
            body(doors.text("/v1/channels/" + encoded(key) + "/messages", "x"), 202);
            assertThat(doors.send("DELETE", "/v1/channels/" + encoded(key), "").statusCode())
                    .isEqualTo(204);
            assertThat(doors.send("GET", "/v1/channels/" + encoded(key), "").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void listsKeysInOrderAPageAtATime() throws Exception {
        List<String> keys = new ArrayList<>();
        for (int i : IntStream.range(0, 25).toArray()) {
            keys.add("room/%02d".formatted(i));
        }
        List<String> shuffled = new ArrayList<>(keys);
        java.util.Collections.shuffle(shuffled, new java.util.Random(1));
        for (String key : shuffled) {
            create(key);
        }
        create("room0");
        List<String> listed = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = body(doors.send("GET", "/v1/channels?prefix=room%2F&limit=10" + after, ""), 200);
            page.path("keys").forEach(key -> listed.add(key.textValue()));
            after = page.has("next") ? "&after=" + encoded(page.path("next").textValue()) : "";
        } while (!after.isEmpty());
        assertThat(listed).isEqualTo(keys);
    }

    @Test
    void revokesAKeyOrOneToken() throws Exception {
        String one = create("revoked");
        String two = create("revoked");
        connect(one);
        connect(two);
        assertThat(doors.json("POST", "/v1/revoke", "{\"token\":\"" + one + "\"}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(connect(one).body()).isEqualTo("{\"code\":401,\"description\":\"Invalid+token.\"}");
        awaitSubscribers("revoked", 1);
        assertThat(doors.send("DELETE", "/v1/channels/revoked", "").statusCode())
                .isEqualTo(204);
        assertThat(connect(two).statusCode()).isEqualTo(401);
    }

    @Test
    void keepsAppsApart() throws Exception {
        String other = "Bearer " + gateway.neighbour().secret();
        String token = create("shared");
        connect(token);
        assertThat(doors.send("GET", "/v1/channels/shared", "", "Authorization", other)
                        .statusCode())
                .isEqualTo(404);
        assertThat(body(doors.text("/v1/channels/shared/messages", "x", "Authorization", other), 202)
                        .path("receivers")
                        .intValue())
                .isZero();
        String byToken = "[{\"keys\":[\"" + token + "\"],\"message\":\"x\"}]";
        JsonNode receipts = body(
                doors.send("POST", "/v1/messages", byToken, "Authorization", other, "Content-Type", "application/json"),
                202);
        assertThat(receipts.path(0).path("receivers").intValue()).isZero();
        doors.send(
                "POST",
                "/v1/revoke",
                "{\"token\":\"" + token + "\"}",
                "Authorization",
                other,
                "Content-Type",
                "application/json");
        assertThat(connect(token).statusCode()).isEqualTo(200);
    }
}
