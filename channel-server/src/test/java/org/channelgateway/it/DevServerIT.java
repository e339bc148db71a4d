package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.channelgateway.it.DevDoor.Answer;
import org.channelgateway.server.Census;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /_ah/channel/dev} answers as Google's Java development server does. */
final class DevServerIT {
    private static final String INVALID = "Invalid+token.";
    private static final String TIMED_OUT = "Token+timed+out.";

    private static GatewayFixture gateway;
    private static DevDoor door;

    private final String key = "dev/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages().with("CHANNEL_BOSH_MAXQUEUEDSTANZAS", "30"));
        door = new DevDoor(gateway.uri());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    @AfterEach
    void nobodyIsConnected() {
        gateway.api().revoke(key);
        await().until(() -> gateway.census().equals(Census.NOBODY));
    }

    private static void assertText(Answer answer, String body) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.type()).isEqualToIgnoringCase("text/plain; charset=utf-8");
        assertThat(answer.body()).isEqualTo(body);
        assertNotKept(answer);
    }

    private static void assertEmpty(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers()).doesNotContainKey("content-type");
        assertNotKept(answer);
    }

    private static void assertNotKept(Answer answer) {
        assertThat(answer.headers()).containsEntry("cache-control", "no-store");
    }

    private static void assertUnauthorized(Answer answer, String description) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(401);
        assertThat(answer.reason()).isEqualTo(description);
        assertThat(answer.body()).isEqualTo("{\"code\":401,\"description\":\"" + description + "\"}");
        assertNotKept(answer);
    }

    private static void assertFailed(Answer answer, String text) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(500);
        assertThat(answer.type()).isEqualToIgnoringCase("text/plain; charset=utf-8");
        assertThat(answer.body()).isEqualTo(text + "\n");
        assertNotKept(answer);
    }

    @Test
    void connectsPollsAndDisconnects() {
        String token = gateway.api().token(key);
        assertText(door.ask("connect", token), "connection-0\n");
        assertThat(gateway.census().subscribers()).isEqualTo(1);
        assertEmpty(door.ask("poll", token, "connection-0"));
        assertThat(gateway.api().send(key, "{\"move\": 1}")).isEqualTo(1);
        assertThat(gateway.api().send(key, "two")).isEqualTo(1);
        assertText(door.ask("poll", token, "connection-0"), "{\"move\": 1}\n");
        assertText(door.ask("poll", token, "connection-0"), "two\n");
        assertEmpty(door.ask("poll", token, "connection-0"));
        assertEmpty(door.ask("disconnect", token, "connection-0"));
        assertThat(gateway.api().send(key, "to nobody")).isZero();
        assertFailed(door.ask("poll", token, "connection-0"), "Client connection with ID connection-0 not found.");
    }

    @Test
    void countsTheConnectionsOfAKeyAndSendsToEachOfThem() {
        String first = gateway.api().token(key);
        String second = gateway.api().token(key);
        assertText(door.ask("connect", first), "connection-0\n");
        assertText(door.ask("connect", second), "connection-1\n");
        assertText(door.ask("connect", first), "connection-2\n");
        assertThat(gateway.api().send(key, "to all")).isEqualTo(3);
        assertText(door.ask("poll", first, "connection-0"), "to all\n");
        assertText(door.ask("poll", second, "connection-1"), "to all\n");
        assertText(door.ask("poll", first, "connection-2"), "to all\n");
        assertEmpty(door.ask("disconnect", first, "connection-0"));
        assertText(door.ask("connect", first), "connection-3\n");
        assertFailed(door.ask("poll", first, "connection-1"), "Client connection with ID connection-1 not found.");
        assertEmpty(door.ask("disconnect", first, "connection-1"));
        assertEmpty(door.ask("poll", second, "connection-1"));
    }

    @Test
    void bringsEveryTextAsItWasSent() {
        String token = gateway.api().token(key);
        assertText(door.ask("connect", token), "connection-0\n");
        Texts.ALL.forEach(text -> gateway.api().send(key, text));
        List<String> got = Texts.ALL.stream()
                .map(text -> door.ask("poll", token, "connection-0").body())
                .map(body -> body.substring(0, body.length() - 1))
                .toList();
        Texts.assertArrived(got);
    }

    @Test
    void trimsTheTokenAndTheConnection() {
        String token = gateway.api().token(key);
        assertText(door.ask("connect", "%20" + token + "%0A"), "connection-0\n");
        assertEmpty(door.ask("poll", token + "%0D%0A", "connection-0%0A"));
        assertEmpty(door.ask("poll", token + "+", "+connection-0"));
        assertEmpty(door.get("?client=connection-0&zx=1&channel=" + token + "&command=poll&command=connect"));
        assertEmpty(door.ask("disconnect", token, "connection-0"));
    }

    @Test
    void saysWhichTokenIsNone() {
        for (String command : List.of("connect", "poll", "disconnect", "other")) {
            assertUnauthorized(door.ask(command, "no-token"), INVALID);
            assertUnauthorized(door.ask(command, "ct_" + "a".repeat(40)), INVALID);
            assertUnauthorized(door.ask(command, ""), INVALID);
            assertUnauthorized(door.get("?command=" + command), INVALID);
        }
    }

    @Test
    void endsWithTheToken() {
        String token = gateway.api().create(key, 1).token();
        assertText(door.ask("connect", token), "connection-0\n");
        gateway.clock().advance(Duration.ofMinutes(1));
        for (String command : List.of("connect", "poll", "disconnect")) {
            assertUnauthorized(door.ask(command, token, "connection-0"), TIMED_OUT);
        }
        await().until(() -> gateway.census().equals(Census.NOBODY));
        assertThat(gateway.api().send(key, "too late")).isZero();
    }

    @Test
    void endsWhenTheTokenIsRevoked() {
        String token = gateway.api().token(key);
        assertText(door.ask("connect", token), "connection-0\n");
        gateway.api().revokeToken(token);
        assertThat(gateway.census()).isEqualTo(Census.NOBODY);
        assertUnauthorized(door.ask("poll", token, "connection-0"), INVALID);
        assertUnauthorized(door.ask("connect", token), INVALID);
    }

    @Test
    void failsWithoutACommandAndWithAnUnknownOne() {
        String token = gateway.api().token(key);
        assertFailed(door.get(""), "Action cannot be null.");
        assertFailed(door.get("?channel=" + token), "Action cannot be null.");
        assertFailed(door.get("?channel=no-token"), "Action cannot be null.");
        assertFailed(door.ask("", token), "Unrecognized action: ");
        assertFailed(door.ask("Connect", token), "Unrecognized action: Connect");
        assertFailed(door.ask("%0D%0Ax%3A%20%3Cb%3E%C3%A9", token), "Unrecognized action: \r\nx: <b>é");
        assertFailed(door.ask("poll", token), "Client connection with ID  not found.");
        assertEmpty(door.ask("disconnect", token));
    }

    @Test
    void changesNothingForAHead() {
        String token = gateway.api().token(key);
        Answer answer = door.head("?command=connect&channel=" + token);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("allow", "GET");
        assertThat(gateway.census()).isEqualTo(Census.NOBODY);
    }

    @Test
    void refusesAQueryThatIsNotEncoded() {
        assertThat(door.get("?command=poll&channel=%zz").status()).isEqualTo(400);
    }

    @Test
    void endsAConnectionThatDoesNotTakeWhatIsSentToIt() {
        String token = gateway.api().token(key);
        assertText(door.ask("connect", token), "connection-0\n");
        for (int i = 0; i < 30; i++) {
            assertThat(gateway.api().send(key, "message " + i)).isEqualTo(1);
        }
        assertThat(gateway.api().send(key, "one too many")).isZero();
        assertFailed(door.ask("poll", token, "connection-0"), "Client connection with ID connection-0 not found.");
        Metrics.until(gateway, "gateway_refusals_total{door=\"dev\",reason=\"not-reading\"}", is -> is == 1);
    }

    @Test
    void isSeenInTheMetrics() {
        double before = Metrics.of(gateway).value("gateway_connects_total{door=\"dev\"}");
        String token = gateway.api().token(key);
        assertText(door.ask("connect", token), "connection-0\n");
        Metrics metrics = Metrics.of(gateway);
        assertThat(metrics.value("gateway_connects_total{door=\"dev\"}")).isEqualTo(before + 1);
        assertThat(metrics.value("gateway_sessions{state=\"bound\",transport=\"dev\"}"))
                .isEqualTo(1);
        assertThat(metrics.value("gateway_subscribed_sessions")).isEqualTo(1);
    }

    @Test
    void servesAClientThatKnowsNothingButThis() {
        String token = gateway.api().token(key);
        try (DevClient client = new DevClient(gateway.uri(), token)) {
            gateway.api().send(key, "first");
            gateway.api().send(key, "two\nlines\n");
            gateway.api().send(key, "zuletzt: ü 漢字 😀");
            await().until(() -> client.messages().size() == 3);
            assertThat(client.messages()).containsExactly("first", "two\nlines\n", "zuletzt: ü 漢字 😀");
            assertThat(client.errors()).isEmpty();
        }
        assertThat(gateway.census()).isEqualTo(Census.NOBODY);
    }

    @Test
    void tellsSuchAClientThatItsTokenIsOver() {
        try (DevClient client =
                new DevClient(gateway.uri(), gateway.api().create(key, 1).token())) {
            gateway.clock().advance(Duration.ofMinutes(1));
            await().until(() -> !client.errors().isEmpty());
            assertThat(client.errors()).containsExactly("401 " + TIMED_OUT);
        }
    }
}
