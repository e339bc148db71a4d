package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.channelgateway.it.ChannelApi.Created;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /http-bind} of a whole gateway, byte by byte: what a session that logged in sees (XEP-0124, XEP-0206). */
final class BoshEndpointIT {
    private static final String OPEN = "<body xmlns='http://jabber.org/protocol/httpbind' ";
    private static final String EMPTY = "<body xmlns='http://jabber.org/protocol/httpbind'/>";
    private static final long FIRST = 1000;

    private static GatewayFixture gateway;

    private final String key = "endpoint/" + UUID.randomUUID();
    private Created channel;
    private String sid;
    private long rid = FIRST;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages().with("CHANNEL_BOSH_WAIT", "1s"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void logIn() {
        channel = gateway.api().create(key);
        sid = sid(post(OPEN + "rid='" + FIRST + "' to='localhost' wait='1' hold='1' ver='1.11'/>"));
        String plain = '\0' + WireClient.localpart(channel.jid()) + '\0' + channel.token();
        String encoded = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        assertThat(next("", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + encoded + "</auth>"))
                .contains("<success ");
        // XEP-0206 §5: the features of the new stream come with the answer
        assertThat(next(" xmpp:restart='true' xmlns:xmpp='urn:xmpp:xbosh'", "")).contains("<bind ");
        assertThat(next(
                        "",
                        "<iq xmlns='jabber:client' type='set' id='b'>"
                                + "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"))
                .contains(channel.jid() + "/");
    }

    private static String sid(String created) {
        Matcher sid = Pattern.compile(" sid='([^']*)'").matcher(created);
        assertThat(sid.find()).as(created).isTrue();
        return sid.group(1);
    }

    private String post(String body) {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri().resolve("http-bind"))
                .timeout(Duration.ofSeconds(30))
                .POST(BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = ChannelApi.send(ChannelApi.client(), request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private String next(String attributes, String stanzas) {
        return post(request(++rid, attributes, stanzas));
    }

    private String request(long number, String attributes, String stanzas) {
        return OPEN + "sid='" + sid + "' rid='" + number + "'" + attributes + ">" + stanzas + "</body>";
    }

    private static String terminal(String condition) {
        return OPEN + "type='terminate' condition='" + condition + "'></body>";
    }

    private void assertGone() {
        await().untilAsserted(() -> assertThat(gateway.api().subscribers(key)).hasValue(0));
        assertThat(next("", "")).isEqualTo(terminal("item-not-found"));
    }

    /** §8 (W1). */
    @Test
    void answersAnIdleRequestEmptyAfterTheWait() {
        assertThat(next("", "")).isEqualTo(EMPTY);
    }

    /** §14.3 (R4, R5): the same bytes, and nothing is done twice. */
    @Test
    void repeatsAnAnswerByteForByte() {
        String ping = "<iq xmlns='jabber:client' type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>";
        String pong = next("", ping);
        assertThat(pong).contains("id='p'", "type='result'");
        assertThat(post(request(rid, "", ping))).isEqualTo(pong);
        gateway.api().send(key, "only this");
        assertThat(next("", "")).contains("only this").doesNotContain("id='p'");
    }

    /** §14.3 (R6). */
    @Test
    void doesNotDoAnotherThingUnderAKnownRid() {
        next("", "");
        assertThat(post(request(rid, "", "<presence xmlns='jabber:client'/>"))).isEqualTo(terminal("item-not-found"));
        assertGone();
    }

    /** §14.2, §14.3 (R2, R3): the same words for too small and too large. */
    @ParameterizedTest
    @ValueSource(longs = {FIRST - 500, FIRST + 500})
    void endsTheSessionAtARidOutOfItsWindow(long number) {
        assertThat(post(request(number, "", ""))).isEqualTo(terminal("item-not-found"));
        assertGone();
    }

    /** §10 (W3): answered at once, with no payload; what waited comes with the next. */
    @Test
    void pausesAndGoesOn() {
        gateway.api().send(key, "while it paused");
        assertThat(next(" pause='60'", "")).isEqualTo(EMPTY);
        await().until(() -> Metrics.of(gateway).value("gateway_paused_sessions") == 1);
        assertThat(next("", "")).contains("while it paused");
    }

    @Test
    void refusesAPauseAboveTheGreatest() {
        assertThat(next(" pause='100000'", "")).isEqualTo(terminal("policy-violation"));
        assertGone();
    }

    /** §13 (W4, W5). */
    @Test
    void endsAtATerminationWithAStanza() {
        assertThat(next(" type='terminate'", "<presence xmlns='jabber:client' type='unavailable'/>"))
                .isEqualTo(OPEN + "type='terminate'></body>");
        assertGone();
    }

    /** §17.2: no request was open when the token was revoked, so the next one is told, once. */
    @Test
    void tellsTheNextRequestThatItsTokenWasRevoked() {
        gateway.api().revoke(key);
        assertThat(next("", ""))
                .contains("type='terminate' condition='remote-stream-error'", "<not-authorized ", "Invalid+token.");
        assertThat(next("", "")).isEqualTo(terminal("item-not-found"));
    }

    /** §17.1: whatever a live session sends, it is told by a condition and never by a status. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                " newkey='x' | <a/> | bad-request",
                " key='x' | | bad-request",
                " pause='x' | | bad-request",
                " ack='0' | | bad-request",
                " rid='1' | | bad-request",
                " | text | bad-request",
                " | <a> | bad-request",
                " | <!-- x --> | bad-request",
                " | <x:y/> | bad-request",
                " | &#xFFFE; | bad-request",
            })
    void answersWhatItCannotReadWithACondition(String attributes, String stanzas, String condition) {
        assertThat(next(attributes == null ? "" : " " + attributes, stanzas == null ? "" : stanzas))
                .isEqualTo(terminal(condition));
    }

    /** §5: a client may speak HTTP/1.0, without a Host, a connection for each request. */
    @Test
    void servesAClientOfHttp10() throws IOException {
        gateway.api().send(key, "as in 1996");
        String body = request(++rid, "", "");
        assertThat(raw("POST /http-bind HTTP/1.0\r\nContent-Length: " + body.length() + "\r\n\r\n" + body))
                .contains(" 200 OK\r\n", "as in 1996")
                .doesNotContain("Transfer-Encoding");
    }

    /** §5: "SHOULD NOT use Chunked Transfer Coding", but it is HTTP/1.1 (H3). */
    @Test
    void takesAChunkedRequestInPieces() throws IOException {
        gateway.api().send(key, "in pieces");
        String body = request(++rid, "", "");
        StringBuilder chunks = new StringBuilder();
        for (int i = 0; i < body.length(); i++) {
            chunks.append("1\r\n").append(body.charAt(i)).append("\r\n");
        }
        assertThat(raw("POST /http-bind HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunks + "0\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("in pieces");
    }

    /** §17.1, H6: no status says so. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Encoding: gzip", "Content-Encoding: br"})
    void unpacksNothing(String header) throws IOException {
        String body = request(rid + 1, "", "");
        assertThat(raw("POST /http-bind HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + header + "\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith(terminal("bad-request"));
    }

    /** §5: "SHOULD ignore all HTTP Content-Type headers". */
    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "text/plain", "application/json", "x"})
    void ignoresTheTypeOfARequest(String type) throws IOException {
        gateway.api().send(key, "whatever");
        String body = request(++rid, "", "");
        assertThat(raw("POST /http-bind HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + type
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Type: text/xml; charset=utf-8\r\n", "whatever");
    }

    /** H2: only POST; H7: no cookie. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "TRACE", "PUT", "DELETE"})
    void opensNothingByAnotherMethod(String method) throws IOException {
        assertThat(raw(method + " /http-bind HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .doesNotContain("Set-Cookie", "sid=");
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(gateway.uri().getHost(), gateway.uri().getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
