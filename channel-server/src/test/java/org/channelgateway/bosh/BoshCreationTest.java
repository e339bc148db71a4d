package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.channelgateway.http.Routers;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.RefusalCounts.Refusal;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.xml.EncodedStanza;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.LocalConnector.LocalEndPoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session creation may ask for, and what a running session may not (XEP-0124 §7, §15, XEP-0206). */
class BoshCreationTest implements StreamApplication {
    private static final String OPEN = "<body xmlns='http://jabber.org/protocol/httpbind' ";
    private static final String CREATE = OPEN + "rid='1000' to='jabber.org' ";

    private final RefusalCounts refusals = new RefusalCounts();
    private final BoshSessions sessions = new BoshSessions(FakeBrowser.config(2), System::nanoTime, refusals);
    private final FakeStream stream = new FakeStream();
    private final LocalConnector connector = Routers.connector(new BoshHandler(sessions, this, true).route());

    @Override
    public boolean serves(String domain) {
        return domain.equals("jabber.org");
    }

    @Override
    public Stream open(ClientTransport session) {
        stream.onStanza(stanza -> session.send(new EncodedStanza("<re-" + stanza.name() + "/>")));
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

    /** §7.1: "MUST appear in all the connection manager's responses during the session". */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/xml; charset=utf-8 | text/xml; charset=utf-8",
                "TEXT/XML;charset=UTF-8 | text/xml; charset=utf-8",
                "text/xml | text/xml",
                "application/xml; charset=utf-8 | application/xml; charset=utf-8",
                "application/xml | application/xml",
            })
    void answersInTheContentThatIsAskedFor(String asked, String answered) throws Exception {
        String header = "\r\nContent-Type: " + answered + "\r\n";
        String created = post(CREATE + "content='" + asked + "'/>");
        assertThat(created).contains(header, " sid='");
        assertThat(post(request(sid(created), 1001, "type='terminate'"))).contains(header, "type='terminate'>");
        String another = sid(post(CREATE + "content='" + asked + "'/>"));
        assertThat(post(request(another, 1, ""))).contains(header, "item-not-found");
    }

    /** §7.1 asks for any value; these would make a page, a script or a header of what others wrote. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "text/html; charset=utf-8",
                "application/javascript",
                "image/svg+xml",
                "application/xhtml+xml",
                "text/xml; charset=utf-7",
                "text/xml&#13;&#10;X-Evil: 1",
                "",
            })
    void refusesAContentThatIsNotSafeAndDoesNotRepeatIt(String content) throws Exception {
        assertThat(post(CREATE + "content='" + content + "'/>"))
                .startsWith("HTTP/1.1 200 OK")
                .contains("Content-Type: text/xml; charset=utf-8\r\n")
                .doesNotContain("X-Evil", "html")
                .endsWith(FakeBrowser.terminal("bad-request"));
        assertThat(sessions.count()).isZero();
    }

    /** §7.2: "the highest version … supports, or the version specified by the client …, whichever is lower". */
    @ParameterizedTest
    @CsvSource({"1.6, 1.6", "1.10, 1.10", "1.11, 1.11", "1.12, 1.11", "2.0, 1.11", "0.9, 0.9"})
    void speaksTheLowerVersion(String asked, String answered) throws Exception {
        assertThat(post(CREATE + "ver='" + asked + "'/>")).contains(" ver='" + answered + "' ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.", ".1", "1.x", "-1.6", "1.6.1", "1.99999"})
    void refusesAVersionThatIsNone(String ver) throws Exception {
        assertThat(post(CREATE + "ver='" + ver + "'/>")).endsWith(FakeBrowser.terminal("bad-request"));
    }

    /** §7.1: "MAY ignore the 'route' attribute"; whatever is there is never connected to, nor repeated. */
    @Test
    void ignoresRouteLanguageAndFrom() throws Exception {
        assertThat(post(CREATE + "route='xmpp:192.0.2.1:22' xml:lang='" + "x".repeat(5000)
                        + "' from='admin@jabber.org' secure='true'/>"))
                .contains(" sid='", " from='jabber.org' ")
                .doesNotContain("192.0.2.1", "xxx", "admin");
    }

    /** §7.2: hold not above what is asked, requests above it. */
    @ParameterizedTest
    @CsvSource({"1, 1, 2", "2, 2, 3", "1000, 2, 3"})
    void holdsAsManyAsAskedForUpToTwo(String asked, String hold, String requests) throws Exception {
        assertThat(post(CREATE + "wait='60' hold='" + asked + "'/>"))
                .contains(" wait='60' hold='" + hold + "' requests='" + requests + "' ")
                .doesNotContain("polling=");
    }

    /** §12: more inactivity, and a shortest interval. */
    @ParameterizedTest
    @ValueSource(strings = {"wait='0' hold='1'", "wait='60' hold='0'", "wait='0' hold='0'"})
    void letsABrowserPoll(String asked) throws Exception {
        assertThat(post(CREATE + asked + "/>"))
                .contains(" wait='0' hold='0' requests='1' inactivity='154' ", " polling='2' ");
    }

    /** §15.4: "MAY verify"; a client that sends keys counts on that, so they are refused and not ignored. */
    @Test
    void refusesKeysInsteadOfIgnoringThem() throws Exception {
        String key = "ca393b51b682f61f98e7877d61146407f3d0a770";
        assertThat(post(CREATE + "newkey='" + key + "'/>")).endsWith(FakeBrowser.terminal("bad-request"));
        assertThat(sessions.count()).isZero();
        String sid = sid(post(CREATE + "/>"));
        assertThat(post(request(sid, 1001, "key='" + key + "'"))).endsWith(FakeBrowser.terminal("bad-request"));
        assertThat(sessions.count()).isZero();
        assertThat(refusals.all()).isEqualTo(Map.of(new Refusal("bosh", "bad-request"), 2L));
    }

    /** §8: what a request holds is forwarded, that of the first one too. */
    @Test
    void handsUpStanzasInTheCreation() throws Exception {
        String created = post(CREATE + "><auth xmlns='urn:x'/></body>");
        assertThat(created).contains(" sid='").endsWith("><features/><re-auth/></body>");
        assertThat(stream.events).containsExactly("auth");
    }

    /** §13, §10: there is nothing yet to end or to pause. */
    @ParameterizedTest
    @ValueSource(strings = {"type='terminate'", "pause='10'"})
    void refusesToEndOrPauseWhatIsNotThere(String attribute) throws Exception {
        assertThat(post(CREATE + attribute + "><presence/></body>")).endsWith(FakeBrowser.terminal("bad-request"));
        assertThat(stream.events).isEmpty();
    }

    /** XEP-0206 §5: there is no stream yet to restart. */
    @Test
    void opensOneStreamWhenARestartComesWithTheCreation() throws Exception {
        assertThat(post(CREATE + "xmlns:xmpp='urn:xmpp:xbosh' xmpp:restart='true'/>"))
                .endsWith("><features/></body>");
        assertThat(stream.events).isEmpty();
    }

    /** §17.2: a terminal condition ends the session that the request named. */
    @ParameterizedTest
    @ValueSource(strings = {"pause='0'", "pause='x'", "ack='x'", "ack='-1'", "rid='0'", "newkey='k'"})
    void endsTheSessionOfARequestThatItCannotRead(String attribute) throws Exception {
        String sid = sid(post(CREATE + "/>"));
        String body = attribute.startsWith("rid")
                ? OPEN + "sid='" + sid + "' " + attribute + "/>"
                : request(sid, 1001, attribute);
        assertThat(post(body)).startsWith("HTTP/1.1 200 OK").endsWith(FakeBrowser.terminal("bad-request"));
        assertThat(Objects.isNull(sessions.find(sid))).isTrue();
    }

    /** §6: "MUST NOT contain any XML character data", but what parts its elements. */
    @Test
    void refusesTextInTheBodyItself() throws Exception {
        assertThat(post(CREATE + ">text</body>")).endsWith(FakeBrowser.terminal("bad-request"));
        assertThat(post(CREATE + ">\n  <a/>\n</body>")).contains(" sid='");
    }

    /** §7.2: no 'accept' was offered, so nothing compressed is taken, and nothing is unpacked (H6). */
    @Test
    void refusesACompressedBodyWithoutReadingIt() throws Exception {
        LocalEndPoint connection = connector.connect();
        connection.addInput(
                "POST /http-bind HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n");
        assertThat(read(connection))
                .startsWith("HTTP/1.1 200 OK")
                .contains("Connection: close")
                .endsWith(FakeBrowser.terminal("bad-request"));
    }

    /** §16.3: without multiple streams, "ignore the extra attributes and treat the request as a normal empty request". */
    @Test
    void opensNoSecondStream() throws Exception {
        String sid = sid(post(CREATE + "/>"));
        LocalEndPoint poll = connector.connect();
        poll.addInput(http(request(sid, 1001, "to='jabber.org' stream='second'")));
        Objects.requireNonNull(sessions.find(sid)).deliver(new EncodedStanza("<m/>"));
        assertThat(read(poll)).endsWith(FakeBrowser.body("<m/>"));
    }

    private static String request(String sid, long rid, String attributes) {
        return OPEN + "sid='" + sid + "' rid='" + rid + "' " + attributes + "/>";
    }

    private static String sid(String created) {
        Matcher sid = Pattern.compile(" sid='([^']*)'").matcher(created);
        assertThat(sid.find()).isTrue();
        return sid.group(1);
    }

    private String post(String body) throws Exception {
        LocalEndPoint connection = connector.connect();
        connection.addInput(http(body));
        return read(connection);
    }

    private static String http(String body) {
        return "POST /http-bind HTTP/1.1\r\nHost: local\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private static String read(LocalEndPoint connection) throws Exception {
        ByteBuffer answer = connection.waitForResponse(false, 10, TimeUnit.SECONDS);
        assertThat(answer).isNotNull();
        return StandardCharsets.UTF_8.decode(answer).toString();
    }
}
