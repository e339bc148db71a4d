package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.channelgateway.it.WireClient.Transport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/** An application that speaks XMPP: IQs to {@code channel.DOMAIN}. */
abstract class ApplicationContract {
    private static final String SERVICE = "channel." + WireClient.DOMAIN;
    private static final String GUESTBOOK = "app-guestbook@" + WireClient.DOMAIN;
    private static final String NEIGHBOUR = "app-neighbour@" + WireClient.DOMAIN;

    private static GatewayFixture gateway;

    private final Transport transport;
    private final String key = "application/" + UUID.randomUUID();

    ApplicationContract(Transport transport) {
        this.transport = transport;
    }

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    WireClient guestbook() {
        return transport.connected(gateway, GUESTBOOK, gateway.api().secret());
    }

    private WireClient neighbour() {
        return transport.connected(gateway, NEIGHBOUR, gateway.neighbour().secret());
    }

    /** Asks the service; {@code payload} names the key as {@code %s}. */
    private Element ask(WireClient client, String type, String payload) {
        return client.iq(
                type, SERVICE, payload.formatted(key).replaceFirst("[ />]", " xmlns='urn:channelgateway:1'$0"));
    }

    private static Element result(Element answer) {
        assertThat(answer.getAttribute("type")).as(answer.getTextContent()).isEqualTo("result");
        assertThat(answer.getAttribute("from")).isEqualTo(SERVICE);
        return WireClient.only(answer);
    }

    private static void hasError(Element answer, String type, String condition, String text) {
        assertThat(answer.getAttribute("type")).isEqualTo("error");
        Element error = WireClient.find(answer, "error").get(0);
        assertThat(error.getAttribute("type")).isEqualTo(type);
        assertThat(WireClient.elements(error).get(0).getLocalName()).isEqualTo(condition);
        assertThat(WireClient.find(error, "text").get(0).getTextContent()).isEqualTo(text);
    }

    @Test
    void createsAChannelAndReachesWhoSubscribesToIt() {
        WireClient app = guestbook();

        Element channel = result(ask(app, "set", "<create key='%s' duration='5'/>"));
        assertThat(channel.getLocalName()).isEqualTo("channel");
        assertThat(channel.getAttribute("expires")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        WireClient subscriber =
                transport.connected(gateway, channel.getAttribute("jid"), channel.getAttribute("token"));
        Element published = result(ask(app, "set", "<publish key='%s'>a &lt;b> &amp;amp;&#13;\n\tc</publish>"));

        assertThat(published.getLocalName()).isEqualTo("published");
        assertThat(published.getAttribute("receivers")).isEqualTo("1");
        Element message = subscriber.next();
        assertThat(message.getAttribute("id")).isEqualTo(published.getAttribute("id"));
        assertThat(WireClient.find(message, "body").get(0).getTextContent()).isEqualTo("a <b> &amp;\r\n\tc");
    }

    @Test
    void saysHowAChannelIsAndRevokesIt() {
        WireClient app = guestbook();
        Element channel = result(ask(app, "set", "<create key='%s'/>"));
        ask(app, "set", "<create key='%s'/>");

        Element state = result(ask(app, "get", "<get key='%s'/>"));
        assertThat(state.getLocalName()).isEqualTo("state");
        assertThat(state.getAttribute("key")).isEqualTo(key);
        assertThat(state.getAttribute("leases")).isEqualTo("2");
        assertThat(state.getAttribute("subscribers")).isEqualTo("0");
        assertThat(state.getAttribute("expires")).isNotEmpty();

        ask(app, "set", "<revoke token='" + channel.getAttribute("token") + "'/>");
        assertThat(result(ask(app, "get", "<get key='%s'/>")).getAttribute("leases"))
                .isEqualTo("1");
        assertThat(ask(app, "set", "<revoke key='%s'/>").getAttribute("type")).isEqualTo("result");
        hasError(ask(app, "get", "<get key='%s'/>"), "cancel", "item-not-found", "key: no channel has it");
    }

    @Test
    void sendsAPublishThatIsRepeatedWithItsIdOnce() {
        WireClient app = guestbook();
        WireClient subscriber = transport.connected(gateway, gateway.api().create(key));

        Element first = result(ask(app, "set", "<publish key='%s' id='p1'>once</publish>"));
        Element second = result(ask(guestbook(), "set", "<publish key='%s' id='p1'>once</publish>"));
        ask(app, "set", "<publish key='%s'>then</publish>");

        assertThat(second.getAttribute("id")).isEqualTo(first.getAttribute("id"));
        assertThat(second.getAttribute("receivers")).isEqualTo("1");
        assertThat(subscriber.next().getTextContent()).isEqualTo("once");
        assertThat(subscriber.next().getTextContent()).isEqualTo("then");
    }

    String toService(String type, int id, String payload) {
        return "<iq xmlns='jabber:client' type='" + type + "' id='" + id + "' to='" + SERVICE + "'>"
                + payload.formatted(key).replaceFirst("[ />]", " xmlns='urn:channelgateway:1'$0") + "</iq>";
    }

    @Test
    void isAnsweredInItsOrderWhenItAsksForMuchAtOnce() {
        WireClient app = guestbook();
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            all.append(toService("set", i, "<create key='%s'" + (i % 10 == 9 ? " duration='0'/>" : "/>")));
        }
        all.append(toService("get", 30, "<get key='%s'/>"))
                .append(toService("set", 31, "<revoke key='%s'/>"))
                .append(toService("set", 32, "<create key='%s'/>"))
                .append(toService("get", 33, "<get key='%s'/>"));

        List<Element> answers = new ArrayList<>(List.of(app.ask(all.toString())));
        IntStream.range(1, 34).forEach(i -> answers.add(app.next()));

        for (int i = 0; i < 34; i++) {
            Element answer = answers.get(i);
            assertThat(answer.getAttribute("id")).isEqualTo(Integer.toString(i));
            if (i < 30 && i % 10 == 9) {
                hasError(answer, "modify", "bad-request", "duration: 0 (expected: 1..1440)");
            } else {
                assertThat(answer.getAttribute("type")).isEqualTo("result");
            }
        }
        assertThat(WireClient.only(answers.get(30)).getAttribute("leases")).isEqualTo("27");
        assertThat(WireClient.only(answers.get(33)).getAttribute("leases")).isEqualTo("1");
        assertThat(answers.subList(0, 9).stream()
                        .map(answer -> WireClient.only(answer).getAttribute("token"))
                        .distinct())
                .hasSize(9);
        Element last = WireClient.only(answers.get(32));
        transport.connected(gateway, last.getAttribute("jid"), last.getAttribute("token"));
    }

    @Test
    void mayNameTheLanguageOfARequest() {
        WireClient app = guestbook();
        Element revoked = ask(app, "set", "<revoke key='%s' xml:lang='en'/>");
        assertThat(revoked.getAttribute("type")).isEqualTo("result");
    }

    @Test
    void mayUseATokenForItsKey() {
        WireClient app = guestbook();
        String token = gateway.api().token(key);
        WireClient subscriber = transport.connected(gateway, gateway.api().create(key));

        result(ask(app, "set", "<publish key='" + token + "'>by token</publish>"));
        Element state = result(ask(app, "get", "<get key='" + token + "'/>"));
        assertThat(state.getAttribute("key")).isEqualTo(key);
        assertThat(state.getAttribute("leases")).isEqualTo("2");
        assertThat(subscriber.next().getTextContent()).isEqualTo("by token");

        ask(app, "set", "<revoke key='" + token + "'/>");
        hasError(ask(app, "get", "<get key='%s'/>"), "cancel", "item-not-found", "key: no channel has it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "set | <create/> | key: missing (expected: an attribute of create)",
                "set | <create key='%s' duration='0'/> | duration: 0 (expected: 1..1440)",
                "set | <create key='%s' duration='1441'/> | duration: 1441 (expected: 1..1440)",
                "set | <create key='%s' duration='-1'/> | duration: -1 (expected: 1..1440)",
                "set | <create key='%s' duration='99999999999999999999'/> | duration: 99999999999999999999 (expected: 1..1440)",
                "set | <create key='%s' durationMinutes='5'/> | durationMinutes: unknown attribute (expected: duration, key)",
                "get | <create key='%s'/> | type: get (expected: set for create)",
                "set | <get key='%s'/> | type: set (expected: get for get)",
                "set | <publish key='%s'/> | message: 0 bytes (expected: 1..32767)",
                "set | <publish key='%s'><b>x</b></publish> | publish: elements in it (expected: none)",
                "set | <publish key='%s' id=''>x</publish> | id: 0 characters (expected: 1..128)",
                "set | <create key='%s'>x</create> | create: text in it (expected: none)",
                "set | <revoke key='%s'>  token  </revoke> | revoke: text in it (expected: none)",
                "get | <get key='%s'>&#160;</get> | get: text in it (expected: none)",
                "set | <revoke/> | revoke: no key and no token, or both (expected: one of them)",
                "set | <revoke token='x'/> | token: not one (expected: what create returned)",
                "set | <destroy key='%s'/> | destroy: unknown (expected: create, publish, revoke or get)",
            })
    void isToldWhatIsWrong(String type, String payload, String text) {
        hasError(ask(guestbook(), type, payload), "modify", "bad-request", text);
    }

    @Test
    void mayPutWhiteSpaceIntoARequest() {
        WireClient app = guestbook();

        assertThat(result(ask(app, "set", "<create key='%s'> \t\r\n</create>")).getLocalName())
                .isEqualTo("channel");
        assertThat(result(ask(app, "get", "<get key='%s'>\n</get>")).getAttribute("leases"))
                .isEqualTo("1");
    }

    @Test
    void isToldWhatTheServiceDoesNotKnow() {
        WireClient app = guestbook();
        hasError(
                app.iq("get", SERVICE, "<query xmlns='jabber:iq:version'/>"),
                "cancel",
                "service-unavailable",
                "iq: its namespace is not known here (expected: urn:channelgateway:1, disco or ping)");
        hasError(
                app.iq("get", SERVICE, "<ping xmlns='urn:xmpp:ping'/><ping xmlns='urn:xmpp:ping'/>"),
                "modify",
                "bad-request",
                "iq: no request (expected: type get or set, an id, and one element in it)");
        hasError(
                app.iq("set", SERVICE, "<query xmlns='http://jabber.org/protocol/disco#info'/>"),
                "modify",
                "bad-request",
                "disco: not a query (expected: a get with an element query)");
        for (Element answer : List.of(
                app.iq("get", SERVICE, "<foo xmlns='urn:xmpp:ping'/>"),
                app.iq("set", SERVICE, "<ping xmlns='urn:xmpp:ping'/>"))) {
            hasError(answer, "modify", "bad-request", "ping: not one (expected: a get with an element ping)");
        }
        hasError(
                app.iq("get", SERVICE, "<query xmlns='http://jabber.org/protocol/disco#info' node='x'/>"),
                "cancel",
                "item-not-found",
                "node: there is none (expected: a query without one)");
    }

    @Test
    void isToldThatAKeyOrAMessageIsTooLong() {
        WireClient app = guestbook();

        Element longKey = ask(app, "set", "<create key='" + "k".repeat(257) + "'/>");
        Element longMessage = ask(app, "set", "<publish key='%s'>" + "x".repeat(32_768) + "</publish>");

        assertThat(WireClient.find(longKey, "text").get(0).getTextContent())
                .endsWith("(expected: at most 256 bytes in UTF-8)");
        hasError(longMessage, "modify", "bad-request", "message: 32768 bytes (expected: 1..32767)");
    }

    @Test
    void neverMeetsTheChannelsOfAnotherApplication() {
        WireClient subscriber = transport.connected(gateway, gateway.api().create(key));
        String token = gateway.api().token(key);
        WireClient neighbour = neighbour();

        Element published = result(ask(neighbour, "set", "<publish key='%s'>spam</publish>"));
        Element byToken = result(ask(neighbour, "set", "<publish key='" + token + "'>spam</publish>"));
        Element revoked = ask(neighbour, "set", "<revoke key='%s'/>");
        Element revokedToken = ask(neighbour, "set", "<revoke token='" + token + "'/>");
        hasError(ask(neighbour, "get", "<get key='%s'/>"), "cancel", "item-not-found", "key: no channel has it");

        for (Element answer : List.of(revoked, revokedToken)) {
            assertThat(answer.getAttribute("type")).isEqualTo("result");
            assertThat(WireClient.elements(answer)).isEmpty();
        }
        assertThat(published.getAttribute("receivers")).isEqualTo("0");
        assertThat(byToken.getAttribute("receivers")).isEqualTo("0");
        assertThat(gateway.api().send(key, "the next")).isEqualTo(1);
        assertThat(subscriber.next().getTextContent()).isEqualTo("the next");
    }

    @ParameterizedTest
    @ValueSource(strings = {"app-neighbour@localhost", "app-guestbook@elsewhere.example", "admin@localhost"})
    void mayNotActForAnotherAccount(String authzid) {
        Element failure = transport
                .open(gateway)
                .login(authzid, "app-guestbook", gateway.api().secret());

        assertThat(WireClient.only(failure).getLocalName()).isEqualTo("invalid-authzid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"app-neighbour", "guestbook", "usr-guestbook", "ch-guestbook", "app-"})
    void isNobodyElseWithItsSecret(String localpart) {
        Element failure =
                transport.open(gateway).login("", localpart, gateway.api().secret());

        assertThat(WireClient.only(failure).getLocalName()).isEqualTo("not-authorized");
    }

    @Test
    void maySendNothingToSubscribersButThroughTheService() {
        WireClient app = guestbook();
        WireClient subscriber = transport.connected(gateway, gateway.api().create(key));

        Element refused = app.ask("<message id='m' to='" + subscriber.jid() + "'><body>direct</body></message>");
        Element iq = app.iq("get", subscriber.jid(), "<ping xmlns='urn:xmpp:ping'/>");
        Element service = app.ask("<message id='s' to='" + SERVICE + "'><body>x</body></message>");

        assertThat(WireClient.find(refused, "not-allowed")).hasSize(1);
        assertThat(WireClient.find(iq, "service-unavailable")).hasSize(1);
        assertThat(WireClient.find(service, "not-allowed")).hasSize(1);
        gateway.api().send(key, "the next");
        assertThat(subscriber.next().getTextContent()).isEqualTo("the next");
    }
}
