package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a page may do with the session that {@code connect} made for it at ejabberd, byte by byte. */
final class ClusterPollIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Shorter than ejabberd holds a poll. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static final String BODY = "<body xmlns='http://jabber.org/protocol/httpbind' rid='%d' sid='%s'>%s</body>";
    private static ClusterGateway gateway;

    private final HttpClient http = ChannelApi.client();
    private final String key = "poll/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = new ClusterGateway(FixtureSettings.withoutPages());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private JsonNode connect() throws IOException {
        return JSON.readTree(
                post(gateway.uri().resolve("_ah/channel/connect"), gateway.api().token(key))
                        .body());
    }

    private HttpResponse<String> post(URI to, String body) {
        return ChannelApi.send(
                http,
                HttpRequest.newBuilder(to)
                        .timeout(PATIENCE)
                        .header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString(body))
                        .build());
    }

    private String poll(JsonNode session, String path, int ahead, String content) {
        String body = BODY.formatted(
                session.path("rid").longValue() + ahead, session.path("sid").textValue(), content);
        HttpResponse<String> answer = post(gateway.other().resolve(path), body);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static String path(JsonNode session) {
        return session.path("path").textValue();
    }

    @Test
    void receivesAtOneGatewayWhatIsSentThroughTheOther() throws IOException {
        JsonNode session = connect();

        assertThat(gateway.api().send(key, "Hällo")).isEqualTo(1);
        assertThat(poll(session, path(session), 0, ""))
                .contains("<body>Hällo</body>")
                .contains("id='" + session.path("channel").textValue() + "'");
    }

    @Test
    void isNotFoundAtAnyOtherPathThanItsOwn() throws IOException {
        JsonNode session = connect();
        JsonNode another = connect();
        String own = path(session);

        for (String forged : new String[] {
            path(another),
            own.substring(0, own.length() - 4) + "AAAA",
            own.replaceFirst("/[0-9]+/", "/9999999999/"),
            own.replaceFirst("/one/", "/two/"),
        }) {
            assertThat(poll(session, forged, 0, "")).contains("item-not-found");
        }
        assertThat(gateway.api().send(key, "still there")).isEqualTo(2);
        assertThat(poll(session, own, 0, "")).contains("still there");
    }

    @Test
    void canSendNobodyAnything() throws IOException {
        JsonNode session = connect();
        JsonNode victim = connect();
        String to = victim.path("jid").textValue();

        String answer = poll(
                session,
                path(session),
                0,
                "<message xmlns='jabber:client' id='m' to='" + to + "'><body>gotcha</body></message>"
                        + "<iq xmlns='jabber:client' id='p' type='get'><ping xmlns='urn:xmpp:ping'/></iq>");

        assertThat(answer)
                .contains("not-allowed", "id='m'", "from='" + to + "'")
                .contains("id='p'");
        assertThat(gateway.api().send(key, "the only one")).isEqualTo(2);
        assertThat(poll(victim, path(victim), 0, "")).contains("the only one").doesNotContain("gotcha");
    }

    /** Without asking for anything else that ejabberd would answer: it holds such a poll for a minute. */
    @Test
    void isToldAtOnceWhatWasRefused() throws IOException {
        JsonNode session = connect();

        String answer = poll(
                session,
                path(session),
                0,
                "<message xmlns='jabber:client' id='m' to='app-other@localhost'><body>hello</body></message>");

        assertThat(answer)
                .contains("not-allowed", "id='m'", "from='app-other@localhost'")
                .doesNotContain("urn:channelgateway");
        assertThat(gateway.api().send(key, "still there")).isEqualTo(1);
        assertThat(poll(session, path(session), 1, "")).contains("still there").doesNotContain("<iq");
    }

    @Test
    void isOverWhenItSendsWhatIsNoXml() throws IOException {
        JsonNode session = connect();

        assertThat(poll(session, path(session), 0, "<a><b></a>")).contains("type='terminate'", "bad-request");

        await().until(() -> gateway.api().subscribers(key).orElse(0) == 0);
        assertThat(poll(session, path(session), 0, "")).contains("item-not-found");
    }

    @Test
    void isOverWhenItLogsInOnceMore() throws IOException {
        JsonNode session = connect();

        String answer = poll(
                session,
                path(session),
                0,
                "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>biws</auth>");

        assertThat(answer).contains("type='terminate'", "policy-violation");
        await().until(() -> gateway.api().subscribers(key).orElse(0) == 0);
    }

    @Test
    void isNotEndedByWhatIsNoXmlAtThePathOfAnother() throws IOException {
        JsonNode session = connect();
        JsonNode another = connect();

        assertThat(poll(session, path(another), 0, "<a><b></a>")).contains("type='terminate'", "bad-request");

        assertThat(gateway.api().send(key, "still there")).isEqualTo(2);
        assertThat(poll(session, path(session), 0, "")).contains("still there");
    }

    @Test
    void isOverWhenItsTokenIsRevoked() throws IOException {
        JsonNode session = connect();

        gateway.api().revoke(key);

        assertThat(gateway.api().send(key, "to nobody")).isZero();
        assertThat(poll(session, path(session), 0, "")).contains("type='terminate'");
    }

    @Test
    void isGoneWhenThePageSaysGoodbye() throws IOException {
        JsonNode session = connect();

        post(
                gateway.other().resolve("_ah/channel/disconnect"),
                session.path("sid").textValue());

        await().until(() -> gateway.api().subscribers(key).orElse(0) == 0);
        assertThat(poll(session, path(session), 0, "")).contains("item-not-found");
    }
}
