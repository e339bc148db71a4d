package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.channelgateway.server.RunningGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** Bounds on what one request, stanza or login may cost, set to other values than the default ones. */
final class ChangedLimitsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOO_MUCH = "type='terminate' condition='policy-violation'";

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // made before each test
    private RunningGateway gateway;

    /** How far the gateway's ticker is ahead. */
    private final AtomicLong ahead = new AtomicLong();

    @BeforeEach
    void start() throws Exception {
        String limits = "limits: {xmlDepth: 10, xmlAttributes: 20, xmlElements: 40, loginBytes: 2000,"
                + " subscriberBytes: 4000, headerBytes: 2000, batchBytes: 40000, batchKeys: 3, bindTime: 100s}\n";
        gateway = RunningGateway.start(
                folder,
                limits,
                InstantSource.system(),
                () -> System.nanoTime() + ahead.get(),
                Map.of("CHANNEL_SHUTDOWN_SPREAD", "0s"));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private JsonNode create() throws IOException {
        return JSON.readTree(
                gateway.json("POST", "/v1/channels", "{\"key\":\"key\"}").body());
    }

    private <C extends WireClient> C loggedIn(C client) throws IOException {
        JsonNode lease = create();
        client.login(
                "",
                WireClient.localpart(lease.path("jid").textValue()),
                lease.path("token").textValue());
        client.bind();
        return client;
    }

    private String creation(String content) {
        return gateway.text(
                        "/http-bind",
                        "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='localhost' wait='60' hold='1'>"
                                + content + "</body>")
                .body();
    }

    private static String nested(int depth) {
        return "<a xmlns='a'>".repeat(depth) + "</a>".repeat(depth);
    }

    private static String attributes(int count) {
        return IntStream.range(0, count).mapToObj(i -> " a" + i + "=''").collect(Collectors.joining("", "<a", "/>"));
    }

    @Test
    void depthAttributesAndElementsOfABody() {
        assertThat(creation(nested(11))).contains(TOO_MUCH);
        assertThat(creation(attributes(21))).contains(TOO_MUCH);
        assertThat(creation("<a/>".repeat(41))).contains(TOO_MUCH);
        assertThat(creation(nested(8))).doesNotContain(TOO_MUCH);
        assertThat(creation(attributes(19))).doesNotContain(TOO_MUCH);
        assertThat(creation("<a/>".repeat(38))).doesNotContain(TOO_MUCH);
    }

    @Test
    void depthOfAStanzaOverTcp() throws Exception {
        assertThat(loggedIn(new TcpClient(gateway.xmpp()))
                        .iq("get", "", "<ping xmlns='urn:xmpp:ping'>" + nested(6) + "</ping>")
                        .getAttribute("type"))
                .isEqualTo("result");
        Element error = loggedIn(new TcpClient(gateway.xmpp()))
                .askInVain("<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'>" + nested(10) + "</ping></iq>");
        assertThat(WireClient.find(error, "policy-violation")).hasSize(1);
    }

    @Test
    void bytesBeforeTheLoginAndOfASubscriber() throws Exception {
        assertThat(creation("<a>" + "x".repeat(2000) + "</a>")).contains(TOO_MUCH);
        String three = "<ping xmlns='urn:xmpp:ping'>" + "x".repeat(3000) + "</ping>";
        assertThat(loggedIn(new BoshClient(gateway.uri(), WireClient.DOMAIN))
                        .iq("get", "", three)
                        .getAttribute("type"))
                .isEqualTo("result");
        TcpClient subscriber = loggedIn(new TcpClient(gateway.xmpp()));
        assertThat(subscriber.iq("get", "", three).getAttribute("type")).isEqualTo("result");
        Element error = subscriber.askInVain("<iq type='get' id='1'>" + three + three + "</iq>");
        assertThat(WireClient.find(error, "policy-violation")).hasSize(1);
        Element before = new TcpClient(gateway.xmpp()).askInVain("<iq type='get' id='1'>" + three + "</iq>");
        assertThat(WireClient.find(before, "policy-violation")).hasSize(1);
    }

    @Test
    void headers() {
        assertThat(gateway.send("GET", "/healthz", "", "X-Long", "x".repeat(1000))
                        .statusCode())
                .isEqualTo(200);
        assertThat(gateway.send("GET", "/healthz", "", "X-Long", "x".repeat(2000))
                        .statusCode())
                .isEqualTo(431);
    }

    @Test
    void bytesAndKeysOfABatch() {
        assertThat(batch("[\"a\",\"b\",\"c\"]", "m").statusCode()).isEqualTo(202);
        HttpResponse<String> tooMany = batch("[\"a\",\"b\",\"c\",\"d\"]", "m");
        assertThat(tooMany.statusCode()).isEqualTo(413);
        assertThat(tooMany.body()).contains("keys: more than 3 (expected: at most so many)");
        HttpResponse<String> tooLong = gateway.json("POST", "/v1/messages", "[" + " ".repeat(40_000) + "]");
        assertThat(tooLong.statusCode()).isEqualTo(413);
        assertThat(tooLong.body()).contains("body: too long (expected: at most 40000 bytes)");
    }

    private HttpResponse<String> batch(String keys, String message) {
        return gateway.json("POST", "/v1/messages", "[{\"keys\":" + keys + ",\"message\":\"" + message + "\"}]");
    }

    @Test
    void timeToLogInAndBind() throws Exception {
        BoshClient late = new BoshClient(gateway.uri(), WireClient.DOMAIN);
        BoshClient other = loggedIn(new BoshClient(gateway.uri(), WireClient.DOMAIN));
        ahead.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(other.iq("get", "", "<ping xmlns='urn:xmpp:ping'/>").getAttribute("type"))
                .isEqualTo("result");
        assertThat(gateway.census().unbound()).as("after the default time").isEqualTo(1);
        ahead.addAndGet(Duration.ofSeconds(39).toNanos());
        await().until(() -> gateway.census().unbound() == 0);
        assertThat(other.iq("get", "", "<ping xmlns='urn:xmpp:ping'/>").getAttribute("type"))
                .isEqualTo("result");
        assertThat(late.end().getLocalName()).isEqualTo("error");
    }
}
