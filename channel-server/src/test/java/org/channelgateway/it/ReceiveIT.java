package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What pages send to their application, and what the application sees of callbacks that failed. */
final class ReceiveIT {
    private static final String SECRET = "secret-of-the-tests";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final HttpClient PAGE = ChannelApi.client();

    private static CallbackApp app;
    private static GatewayFixture gateway;

    private final String key = "receive/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        app = new CallbackApp(SECRET);
        gateway = GatewayFixture.start(FixtureSettings.withoutPages()
                .with("CHANNEL_APPS_GUESTBOOK_CALLBACK", app.uri().toString())
                .with("CHANNEL_CALLBACKS_MESSAGESPERSECOND", "25")
                .with("CHANNEL_CALLBACKS_ATTEMPTS", "2"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        app.close();
    }

    @AfterEach
    void takeAll() {
        app.answer(one -> 200);
    }

    private static HttpResponse<String> post(String type, String body) {
        return ChannelApi.send(
                PAGE,
                HttpRequest.newBuilder(gateway.uri().resolve("_ah/channel/receive"))
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build());
    }

    private static HttpResponse<String> send(String token, String message) {
        return post(FORM, "key=" + token + "&msg=" + URLEncoder.encode(message, StandardCharsets.UTF_8));
    }

    private List<String> received() {
        return app.heard().stream()
                .filter(one -> one.channel().equals(key) && one.kind().equals("receive") && one.isSigned())
                .map(CallbackApp.Heard::message)
                .toList();
    }

    private static JsonNode callbacks(String method, String path, int expected) throws IOException {
        HttpResponse<String> answer = gateway.api().callbacks(method, path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expected);
        return JSON.readTree(answer.body());
    }

    @Test
    void handsTheApplicationWhatItsPagesSendInOrder() {
        String token = gateway.api().token(key);
        List<String> sent = IntStream.range(0, 50)
                .mapToObj(i -> i + " & = + % é 😀 \r\n\t<&>")
                .toList();

        sent.forEach(message -> assertThat(send(token, message).statusCode()).isEqualTo(204));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(received()).isEqualTo(sent));
    }

    @Test
    void takesAMessageOnceThatAPageSendsAgain() {
        String token = gateway.api().token(key);
        for (int i = 0; i < 3; i++) {
            assertThat(post(FORM, "key=" + token + "&msg=again&id=page-1").statusCode())
                    .isEqualTo(204);
        }
        assertThat(post(FORM, "key=" + gateway.api().token(key) + "&msg=other&id=page-1")
                        .statusCode())
                .isEqualTo(204);
        assertThat(post(FORM, "key=" + token + "&msg=x&id=no%20id").body()).contains("id: not one");

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(received()).containsExactly("again", "other"));
    }

    @Test
    void takesTheLongestMessageAndAnEmptyOne() {
        String token = gateway.api().token(key);
        String longest = "é".repeat(16383) + "x";
        assertThat(send(" " + token + "%0A", "").statusCode()).isEqualTo(204);
        assertThat(send(token, longest).statusCode()).isEqualTo(204);
        assertThat(send(token, longest + "x").statusCode()).isEqualTo(413);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(received()).containsExactly("", longest));
    }

    @Test
    void refusesWhatIsNotAForm() {
        String token = gateway.api().token(key);
        assertThat(post("application/json", "{}").statusCode()).isEqualTo(415);
        assertThat(post(FORM, "msg=x").body()).contains("key: missing");
        assertThat(post(FORM, "key=" + token).body()).contains("msg: missing");
        assertThat(post(FORM, "key=" + token + "&msg=a&msg=b").body()).contains("msg: twice");
        assertThat(post(FORM, "key=" + token + "&msg=%ff%fe%zz").statusCode()).isEqualTo(400);
        assertThat(post(FORM, "a=b&".repeat(30000)).statusCode()).isIn(400, 413);
    }

    @Test
    void refusesATokenThatIsNotOneOrIsOver() {
        HttpResponse<String> garbled = send("nonsense", "x");
        assertThat(garbled.statusCode()).isEqualTo(401);
        assertThat(garbled.body()).isEqualTo("{\"code\":401,\"description\":\"Invalid+token.\"}");
        String revoked = gateway.api().token(key);
        gateway.api().revokeToken(revoked);
        assertThat(send(revoked, "x").statusCode()).isEqualTo(401);
    }

    @Test
    void refusesWhereTheApplicationIsNotCalledBack() {
        HttpResponse<String> answer = send(gateway.neighbour().token(key), "x");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("callback: the app of this token has none");
    }

    @Test
    void slowsAPageThatSendsTooMuch() {
        String token = gateway.api().token(key);
        Optional<HttpResponse<String>> slowed = Stream.generate(() -> send(token, "x"))
                .limit(5000)
                .filter(answer -> answer.statusCode() == 429)
                .findFirst();
        assertThat(slowed)
                .hasValueSatisfying(answer ->
                        assertThat(answer.headers().firstValue("Retry-After")).isPresent());
    }

    @Test
    void listsWhatFailedToBeTriedAgainOrDropped() throws IOException {
        app.answer(one -> one.channel().equals(key) ? 503 : 200);
        String token = gateway.api().token(key);
        send(token, "first");
        send(token, "second");
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            gateway.clock().advance(Duration.ofSeconds(2));
            return failed().size() == 2;
        });
        List<JsonNode> failed = failed();
        JsonNode one = callbacks("GET", "/" + failed.get(0).path("name").asText(), 200);
        assertThat(one.path("kind").asText()).isEqualTo("receive");
        assertThat(one.path("attempts").asInt()).isEqualTo(2);
        assertThat(one.path("error").asText()).isEqualTo("status 503");

        app.answer(any -> 200);
        callbacks("POST", "/" + failed.get(0).path("name").asText() + "/retry", 204);
        callbacks("DELETE", "/" + failed.get(1).path("name").asText(), 204);
        await().atMost(Duration.ofSeconds(30)).until(() -> received().size() == 5);
        assertThat(received()).containsExactly("first", "first", "second", "second", "first");
        assertThat(failed()).isEmpty();
        callbacks("DELETE", "/" + failed.get(1).path("name").asText(), 404);
        callbacks("POST", "/" + failed.get(0).path("name").asText() + "/retry", 409);
        callbacks("GET", "?state=lost", 422);
    }

    private List<JsonNode> failed() throws IOException {
        JsonNode list = callbacks("GET", "?state=failed&limit=100", 200).path("callbacks");
        return IntStream.range(0, list.size())
                .mapToObj(list::get)
                .filter(one -> one.path("key").asText().equals(key))
                .toList();
    }
}
