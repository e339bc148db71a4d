package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.channelgateway.server.RunningGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** Bounds on sessions, tokens and publishes, each met through the doors that keep it. */
@Timeout(120)
final class LimitsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVICE = "channel." + WireClient.DOMAIN;
    private static final String CREATION = "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='localhost'"
            + " wait='5' hold='1' ver='1.11' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'>%s</body>";

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private RunningGateway gateway;

    private void start(String limits) throws Exception {
        gateway = RunningGateway.start(folder, "limits: {exempt: [], " + limits + "}\n");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    private JsonNode create(String key) throws IOException {
        HttpResponse<String> answer = tryCreate(key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer);
    }

    private HttpResponse<String> tryCreate(String key) {
        return gateway.json("POST", "/v1/channels", "{\"key\":\"" + key + "\"}");
    }

    private HttpResponse<String> connect(String token) {
        return gateway.text("/_ah/channel/connect", token, "Origin", "http://allowed.example");
    }

    private TcpClient loggedIn(String localpart, String secret) {
        TcpClient client = new TcpClient(gateway.xmpp());
        assertThat(client.login("", localpart, secret).getLocalName()).isEqualTo("success");
        return client;
    }

    private TcpClient application() {
        TcpClient app = loggedIn("app-guestbook", RunningGateway.SECRET);
        app.bind();
        return app;
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String detail) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).path("detail").textValue()).isEqualTo(detail);
        assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow()))
                .isPositive();
    }

    private static void assertConstrained(Element answer, String text) {
        Element error = WireClient.find(answer, "error").get(0);
        assertThat(error.getAttribute("type")).isEqualTo("wait");
        assertThat(WireClient.find(error, "resource-constraint")).hasSize(1);
        assertThat(WireClient.find(error, "text").get(0).getTextContent()).isEqualTo(text);
    }

    @Test
    void oneMoreSessionOfATokenIsRefusedUntilAnotherEnds() throws Exception {
        start("sessionsPerToken: 2");
        JsonNode lease = create("key");
        String token = lease.path("token").textValue();
        String sid = json(connect(token)).path("sid").textValue();
        TcpClient tcp = loggedIn(lease.path("jid").textValue().replaceFirst("@.*", ""), token);
        tcp.bind();

        HttpResponse<String> refused = connect(token);
        assertRefused(refused, 429, "sessions: 2 of this token already (expected: fewer)");
        assertThat(refused.headers().firstValue("Access-Control-Expose-Headers"))
                .as("a page reads when to come again")
                .hasValue("Retry-After");
        TcpClient third = loggedIn(lease.path("jid").textValue().replaceFirst("@.*", ""), token);
        assertConstrained(third.tryBind(), "sessions: as many of this token as it may have (expected: fewer)");
        assertThat(json(gateway.send("GET", "/v1/channels/key", ""))
                        .path("subscribers")
                        .intValue())
                .isEqualTo(2);
        assertThat(connect(create("key").path("token").textValue()).statusCode())
                .as("another token of the key")
                .isEqualTo(200);

        gateway.text("/_ah/channel/disconnect", sid);
        assertThat(connect(token).statusCode()).isEqualTo(200);
        tcp.terminate();
        await().until(() -> connect(token).statusCode() == 200);
    }

    @Test
    void oneMoreTokenOfAKeyOrAnAppIsRefusedUntilAnotherIsRevoked() throws Exception {
        start("leasesPerKey: 2, leasesPerApp: 3");
        JsonNode first = create("key");
        create("key");
        String ofKey = "leases: 2 of this key already (expected: fewer)";
        assertRefused(tryCreate("key"), 429, ofKey);
        TcpClient app = application();
        String request = "<create xmlns='urn:channelgateway:1' key='key'/>";
        assertConstrained(app.iq("set", SERVICE, request), ofKey);

        create("other");
        assertRefused(tryCreate("another"), 429, "leases: 3 of this app already (expected: fewer)");
        gateway.json(
                "POST",
                "/v1/revoke",
                JSON.createObjectNode()
                        .put("token", first.path("token").textValue())
                        .toString());
        assertThat(app.iq("set", SERVICE, request).getAttribute("type")).isEqualTo("result");
    }

    private String sendWithId() {
        HttpResponse<String> answer = gateway.text("/v1/channels/k/messages", "m", "Idempotency-Key", "one");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return answer.body();
    }

    @Test
    void whoPublishesTooFastIsToldWhenToComeAgain() throws Exception {
        start("publishesPerSecond: 1");
        String keys = IntStream.range(0, 1000).mapToObj(i -> "\"k" + i + "\"").collect(Collectors.joining(","));
        String batch = "[{\"keys\":[" + keys + "],\"message\":\"m\"}]";
        String first = sendWithId();
        assertThat(gateway.json("POST", "/v1/messages", batch).statusCode()).isEqualTo(202);

        String detail = "messages: more than 1 a second of this app (expected: fewer)";
        assertRefused(gateway.json("POST", "/v1/messages", batch), 429, detail);
        HttpResponse<String> refused = gateway.text("/v1/channels/k/messages", "m");
        assertRefused(refused, 429, detail);
        assertThat(sendWithId()).as("a repeat, which sends nothing").isEqualTo(first);
        assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(800, 1000);
        assertConstrained(
                application().iq("set", SERVICE, "<publish xmlns='urn:channelgateway:1' key='k'>m</publish>"), detail);
        assertThat(gateway.text(
                                "/v1/channels/k/messages",
                                "m",
                                "Authorization",
                                "Bearer " + RunningGateway.OTHER_SECRET)
                        .statusCode())
                .as("another app")
                .isEqualTo(202);
    }

    @Test
    void oneMoreBoshSessionWithoutALoginIsRefusedUntilAnotherHasLoggedIn() throws Exception {
        start("loginsPerAddress: 2, sessionsPerAddress: 4");
        JsonNode lease = create("key");
        BoshClient first = new BoshClient(gateway.uri(), WireClient.DOMAIN);
        new BoshClient(gateway.uri(), WireClient.DOMAIN);
        String full = "sessions: too many of this address (expected: fewer, later)";
        assertRefused(gateway.text("/http-bind", CREATION.formatted("")), 503, full);

        first.login(
                "",
                lease.path("jid").textValue().replaceFirst("@.*", ""),
                lease.path("token").textValue());
        new BoshClient(gateway.uri(), WireClient.DOMAIN);
        assertThat(connect(lease.path("token").textValue()).statusCode()).isEqualTo(200);
        assertRefused(connect(lease.path("token").textValue()), 429, full);
    }

    /** With one a second, and five seconds' worth at once. */
    @Test
    void newSessionsArePacedAndThoseThatLiveAreNot() throws Exception {
        start("sessionsPerSecond: 1");
        String token = create("key").path("token").textValue();
        List<HttpResponse<String>> connects = new ArrayList<>();
        await().until(() -> connects.add(connect(token))
                && connects.get(connects.size() - 1).statusCode() != 200);
        HttpResponse<String> refused = connects.get(connects.size() - 1);
        assertThat(connects).hasSizeGreaterThan(5);
        String detail = "sessions: too many are being opened (expected: fewer, later)";
        assertRefused(refused, 503, detail);
        assertThat(refused.headers().firstValue("Access-Control-Expose-Headers"))
                .hasValue("Retry-After");

        List<HttpResponse<String>> creations = new ArrayList<>();
        await().until(() -> creations.add(gateway.text("/http-bind", CREATION.formatted("")))
                && creations.get(creations.size() - 1).statusCode() != 200);
        assertRefused(creations.get(creations.size() - 1), 503, detail);

        assertThat(json(gateway.text("/v1/channels/key/messages", "m"))
                        .path("receivers")
                        .intValue())
                .isEqualTo(connects.size() - 1);
        await().until(() -> connect(token).statusCode() == 200);
    }

    @Test
    void whoIsAtItsBoundUsesUpNoPaceOfTheOthers() throws Exception {
        start("sessionsPerSecond: 1, sessionsPerToken: 1, loginsPerAddress: 1");
        String full = create("key").path("token").textValue();
        assertThat(connect(full).statusCode()).isEqualTo(200);
        BoshClient waiting = new BoshClient(gateway.uri(), WireClient.DOMAIN);
        for (int i = 0; i < 20; i++) {
            assertThat(connect(full).statusCode()).isEqualTo(429);
            assertThat(gateway.text("/http-bind", CREATION.formatted("")).body())
                    .contains("sessions: too many of this address");
        }
        JsonNode other = create("key");
        assertThat(connect(other.path("token").textValue()).statusCode()).isEqualTo(200);
        waiting.login(
                "",
                other.path("jid").textValue().replaceFirst("@.*", ""),
                other.path("token").textValue());
        assertThat(gateway.text("/http-bind", CREATION.formatted("")).body()).contains(" sid='");
    }

    @Test
    void aLongCreationIsRefusedEvenWhenItHoldsTheSidOfAnother() throws Exception {
        start("idle: 75s");
        String sid = json(connect(create("key").path("token").textValue()))
                .path("sid")
                .textValue();
        String large = "<x xmlns='a' y=\" sid='" + sid + "'\">" + "x".repeat(17 * 1024) + "</x>";
        assertThat(gateway.text("/http-bind", CREATION.formatted(large)).body())
                .contains("type='terminate' condition='policy-violation'");
    }

    @Test
    void aLongBodyIsRefusedBeforeTheLoginAndTakenAfterIt() throws Exception {
        start("idle: 75s");
        String large = "<x xmlns='a'>" + "x".repeat(17 * 1024) + "</x>";
        assertThat(gateway.text("/http-bind", CREATION.formatted(large)).body())
                .contains("type='terminate' condition='policy-violation'");
        JsonNode lease = create("key");
        BoshClient client = new BoshClient(gateway.uri(), WireClient.DOMAIN);
        client.login(
                "",
                lease.path("jid").textValue().replaceFirst("@.*", ""),
                lease.path("token").textValue());
        client.bind();
        String iq = "<ping xmlns='urn:xmpp:ping'>" + "x".repeat(17 * 1024) + "</ping>";
        assertThat(client.iq("get", "", iq).getAttribute("type")).isEqualTo("result");
    }

    @Test
    void onlyApplicationsSendLongStanzasOverTcp() throws Exception {
        start("idle: 75s");
        JsonNode lease = create("key");
        TcpClient subscriber = loggedIn(
                lease.path("jid").textValue().replaceFirst("@.*", ""),
                lease.path("token").textValue());
        subscriber.bind();
        String sixty = "<ping xmlns='urn:xmpp:ping'>" + "x".repeat(60 * 1024) + "</ping>";
        String hundred = "<ping xmlns='urn:xmpp:ping'>" + "x".repeat(100 * 1024) + "</ping>";
        assertThat(subscriber.iq("get", "", sixty).getAttribute("type")).isEqualTo("result");
        assertThat(application().iq("get", "", hundred).getAttribute("type")).isEqualTo("result");

        Element error = subscriber.askInVain("<iq type='get' id='1'>" + hundred + "</iq>");
        assertThat(WireClient.find(error, "policy-violation")).hasSize(1);
    }
}
