package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.channelgateway.http.Routers;
import org.channelgateway.limit.HeapRoom;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.xml.EncodedStanza;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.LocalConnector.LocalEndPoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /http-bind} as bytes; the examples are those of XEP-0124 1.11 and XEP-0206 1.4. */
class BoshHandlerTest implements StreamApplication {
    private static final String OPEN = "<body xmlns='http://jabber.org/protocol/httpbind' ";
    private static final String CREATE = OPEN + "rid='1000' to='jabber.org' wait='60' hold='1' ver='1.6'/>";

    private final AtomicLong nanos = new AtomicLong();
    private final RefusalCounts refusals = new RefusalCounts();
    private final BoshSessions sessions = new BoshSessions(FakeBrowser.config(1), nanos::get, refusals);
    private final FakeStream stream = new FakeStream();
    private LocalConnector connector = Routers.connector(new BoshHandler(sessions, this, true).route());
    private boolean fails;

    @Override
    public boolean serves(String domain) {
        return domain.startsWith("jabber.org");
    }

    @Override
    public Stream open(ClientTransport session) {
        if (fails) {
            throw new IllegalStateException("as a test wants it");
        }
        session.send(new EncodedStanza("<features/>"));
        return stream;
    }

    @BeforeEach
    void start() throws Exception {
        connector.getServer().start();
    }

    @AfterEach
    void nothingIsLeftHeld() throws Exception {
        sessions.shutdown();
        assertThat(sessions.count()).isZero();
        connector.getServer().stop();
    }

    @Test
    void createsTheSessionsOfTheExamples() throws Exception {
        String first = post(example("xep-0124-example-01-request"));
        assertThat(first)
                .startsWith("HTTP/1.1 200 OK")
                .contains("Content-Type: text/xml; charset=utf-8", "X-Content-Type-Options: nosniff")
                .contains(" wait='60' hold='1' requests='2' inactivity='150' maxpause='150' ack='1573741820' ")
                .contains(" from='jabber.org' ver='1.6' ")
                .contains(" xmpp:version='1.0' xmpp:restartlogic='true'><features/></body>")
                .doesNotContain("9999");
        assertThat(post(example("xep-0206-example-01-request"))).contains(" sid='", "<features/>");
        assertThat(sessions.count()).isEqualTo(2);
    }

    @Test
    void takesTheExamplesOfARunningSession() throws Exception {
        String sid = create();
        String payloads = withIds(example("xep-0124-example-04-payloads"), sid, 1001);
        LocalEndPoint held = send(payloads);
        await().until(() -> stream.events.size() == 2);
        LocalEndPoint poll = send(withIds(example("xep-0124-example-07-poll"), sid, 1002));
        assertThat(read(held)).endsWith("<body xmlns='http://jabber.org/protocol/httpbind'/>"); // example 5
        LocalEndPoint restart = send(withIds(example("xep-0206-example-10-restart"), sid, 1003));
        assertThat(read(poll)).contains("200 OK");
        String ended = post(withIds(example("xep-0124-example-15-terminate"), sid, 1004));
        assertThat(ended).endsWith("<body xmlns='http://jabber.org/protocol/httpbind' type='terminate'></body>");
        assertThat(read(restart)).contains("type='terminate'");
        await().untilAsserted(() ->
                assertThat(stream.events).containsExactly("message", "message", "restart", "presence", "closed"));
    }

    @Test
    void saysThatARidIsUnexpected() throws Exception {
        String sid = create();
        assertThat(post(poll(sid, 5000))).contains("200 OK").endsWith(FakeBrowser.terminal("item-not-found"));
        assertThat(sessions.count()).isZero();
    }

    @Test
    void makesSidsThatNobodyGuesses() throws Exception {
        Set<String> sids = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            String sid = create();
            assertThat(sid).matches("[A-Za-z0-9_-]{22,}"); // at least 128 bits
            sids.add(sid);
        }
        assertThat(sids).hasSize(50);
    }

    @Test
    void capsWhatABrowserAsksFor() throws Exception {
        assertThat(post(OPEN + "rid='1' to='jabber.org' wait='1000000' hold='1000'/>"))
                .contains(" wait='60' hold='1' requests='2' ");
    }

    @Test
    void grantsLessWhenABrowserAsksForLess() throws Exception {
        assertThat(post(OPEN + "rid='1' to='jabber.org' wait='5' hold='1'/>")).contains(" wait='5' hold='1' ");
        assertThat(post(OPEN + "rid='1' to='jabber.org' wait='5' hold='0'/>"))
                .contains(" wait='0' hold='0' requests='1' ");
    }

    @Test
    void escapesTheDomainThatItRepeats() throws Exception {
        assertThat(post(OPEN + "rid='1' to='jabber.org&lt;&apos;x'/>")).contains(" from='jabber.org&lt;&apos;x' ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rid='x' ", "rid='-5' ", "rid='0' ", "rid='9007199254740992' ", "rid='' "})
    void refusesABadRid(String rid) throws Exception {
        assertRefused("bad-request", OPEN + rid + "to='jabber.org'/>");
        String sid = create();
        assertThat(post(OPEN + rid + "sid='" + sid + "'/>")).contains("200 OK").contains("condition='bad-request'");
    }

    @Test
    void takesTheGreatestRid() throws Exception {
        assertThat(post(OPEN + "rid='9007199254740991' to='jabber.org'/>")).contains(" sid='");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait='-1'", "wait='x'", "hold='-1'", "hold=''", "wait='99999999999'"})
    void refusesAWaitOrHoldThatIsNoNumber(String attribute) throws Exception {
        assertRefused("bad-request", OPEN + "rid='1' to='jabber.org' " + attribute + "/>");
    }

    @Test
    void refusesADomainThatIsNotServed() throws Exception {
        assertRefused("host-unknown", OPEN + "rid='1' to='example.com'/>");
        assertRefused("improper-addressing", OPEN + "rid='1'/>");
        assertRefused("improper-addressing", OPEN + "rid='1' to=''/>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "{\"a\":1}",
                "<body/>",
                "<body rid='1' to='jabber.org'/>",
                "<body xmlns='urn:x' rid='1' to='jabber.org'/>",
                "<iq xmlns='http://jabber.org/protocol/httpbind' rid='1' to='jabber.org'/>",
                "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='jabber.org'>",
                "<!DOCTYPE b><body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='jabber.org'/>",
                "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='jabber.org'>&x;</body>",
                "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='jabber.org'><!-- --></body>",
                "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='jabber.org'>&#0;</body>",
                "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='jabber.org'><x:y/></body>",
                "<xmlns:body rid='1' to='jabber.org'/>"
            })
    void refusesWhatIsNoBody(String body) throws Exception {
        assertRefused("bad-request", body);
    }

    @Test
    void refusesWhatCostsTooMuch() throws Exception {
        assertRefused("policy-violation", OPEN + "rid='1' to='jabber.org'>" + "<a>".repeat(20_000));
        assertRefused("policy-violation", OPEN + "rid='1' to='jabber.org'>" + "<a/>".repeat(1000) + "</body>");
    }

    @Test
    void refusesABodyBeyondItsLimitBeforeReadingIt() throws Exception {
        String answer = raw("POST /http-bind HTTP/1.1\r\nHost: local\r\nContent-Length: 20000000\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .contains("Connection: close")
                .endsWith(FakeBrowser.terminal("policy-violation"));
    }

    @Test
    void refusesASidThatItDoesNotKnow() throws Exception {
        assertThat(post(poll("SomeSID", 1))).contains("200 OK").endsWith(FakeBrowser.terminal("item-not-found"));
        assertThat(post(poll("", 1))).contains("200 OK").endsWith(FakeBrowser.terminal("item-not-found"));
    }

    @Test
    void createsNothingWhereLoginsAreClosed() throws Exception {
        connector.getServer().stop();
        connector = Routers.connector(new BoshHandler(sessions, this, false).route());
        connector.getServer().start();
        assertRefused("policy-violation", CREATE);
    }

    @Test
    void saysInternalServerErrorWhenTheApplicationCannotOpen() throws Exception {
        fails = true;
        assertRefused("internal-server-error", CREATE);
    }

    @Test
    void ignoresTheContentTypeOfARequest() throws Exception {
        assertThat(raw("POST /http-bind HTTP/1.1\r\nHost: local\r\nContent-Type: text/plain\r\nContent-Length: "
                        + CREATE.length() + "\r\n\r\n" + CREATE))
                .contains(" sid='");
    }

    @Test
    void takesAChunkedBody() throws Exception {
        assertThat(raw("POST /http-bind HTTP/1.1\r\nHost: local\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(CREATE.length()) + "\r\n" + CREATE + "\r\n0\r\n\r\n"))
                .contains(" sid='");
    }

    @Test
    void wantsARequestAgainThatComesEarlyWhileTooManyWait() throws Exception {
        String sid = create();
        String early = withIds(example("xep-0124-example-04-payloads"), sid, 1002);
        HeapRoom.Claim others = sessions.early().claim(null);
        assertThat(others.growTo(Integer.MAX_VALUE)).isTrue();
        assertThat(post(early))
                .startsWith("HTTP/1.1 503 ")
                .contains("Retry-After: ", "rid: not the next one, and too many requests wait for an earlier one");

        others.close();
        LocalEndPoint again = send(early);
        await().until(() -> sessions.early().bytes() > 0);
        assertThat(stream.events).isEmpty();
        assertThat(post(poll(sid, 1001))).contains("200 OK");
        await().until(() -> stream.events.size() == 2);
        assertThat(sessions.early().bytes()).isZero();
        assertThat(refusals.all()).isEqualTo(Map.of(new RefusalCounts.Refusal("bosh", "early"), 1L));
        sessions.shutdown();
        assertThat(read(again)).contains("200 OK");
    }

    @Test
    void answersAPushToTheHeldRequestAndHoldsTheNextOfTheSameConnection() throws Exception {
        String sid = create();
        BoshSession session = Objects.requireNonNull(sessions.find(sid));
        LocalEndPoint connection = send(poll(sid, 1001));
        for (int rid = 1002; rid < 1010; rid++) {
            session.deliver(new EncodedStanza("<m n='" + rid + "'/>"));
            assertThat(read(connection)).endsWith("><m n='" + rid + "'/></body>");
            connection.addInput(request(poll(sid, rid)));
        }
        session.deliver(new EncodedStanza("<m/>"));
        assertThat(read(connection)).endsWith("><m/></body>");
        connection.addInput(request(OPEN + "rid='1010' sid='" + sid + "'><last/></body>"));
        await().until(() -> stream.events.contains("last"));
        session.terminate(BindingCondition.SYSTEM_SHUTDOWN, null);
        assertThat(read(connection)).endsWith(FakeBrowser.terminal("system-shutdown"));
    }

    private void assertRefused(String condition, String body) throws Exception {
        assertThat(post(body))
                .startsWith("HTTP/1.1 200 OK")
                .contains("Content-Type: text/xml; charset=utf-8")
                .endsWith(FakeBrowser.terminal(condition));
        assertThat(sessions.find("")).isNull();
    }

    private String create() throws Exception {
        Matcher sid = Pattern.compile(" sid='([^']*)'").matcher(post(CREATE));
        assertThat(sid.find()).isTrue();
        return sid.group(1);
    }

    private static String poll(String sid, long rid) {
        return OPEN + "rid='" + rid + "' sid='" + sid + "'/>";
    }

    private static String withIds(String body, String sid, long rid) {
        return body.replaceFirst("rid='\\d+'", "rid='" + rid + "'").replace("SomeSID", sid);
    }

    private static String example(String name) throws IOException {
        try (InputStream file = BoshHandlerTest.class.getResourceAsStream("/bosh/" + name + ".xml")) {
            assertThat(file).as(name).isNotNull();
            return file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String post(String body) throws Exception {
        return read(send(body));
    }

    private String raw(String request) throws Exception {
        LocalEndPoint connection = connector.connect();
        connection.addInput(request);
        return read(connection);
    }

    private LocalEndPoint send(String body) {
        LocalEndPoint connection = connector.connect();
        connection.addInput(request(body));
        return connection;
    }

    private static String request(String body) {
        return "POST /http-bind HTTP/1.1\r\nHost: local\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private static String read(LocalEndPoint connection) throws Exception {
        ByteBuffer answer = connection.waitForResponse(false, 10, TimeUnit.SECONDS);
        assertThat(answer).isNotNull();
        return StandardCharsets.UTF_8.decode(answer).toString();
    }
}
