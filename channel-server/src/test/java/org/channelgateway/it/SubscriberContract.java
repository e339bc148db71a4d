package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.channelgateway.it.ChannelApi.Created;
import org.channelgateway.it.WireClient.Transport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/** A subscriber without a browser: any XMPP client, with the channel's JID and its token as the password. */
abstract class SubscriberContract {
    private static final String PING = "<ping xmlns='urn:xmpp:ping'/>";

    private static final String SERVICE = "channel." + WireClient.DOMAIN;

    private static GatewayFixture gateway;

    private final Transport transport;
    private final String key = "subscriber/" + UUID.randomUUID();

    SubscriberContract(Transport transport) {
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

    private WireClient connected() {
        return transport.connected(gateway, gateway.api().create(key));
    }

    private static void hasError(Element stanza, String type, String condition) {
        assertThat(stanza.getAttribute("type")).isEqualTo("error");
        Element error = WireClient.find(stanza, "error").get(0);
        assertThat(error.getAttribute("type")).isEqualTo(type);
        assertThat(WireClient.elements(error).get(0).getLocalName()).isEqualTo(condition);
        assertThat(WireClient.elements(error).get(0).getNamespaceURI())
                .isEqualTo("urn:ietf:params:xml:ns:xmpp-stanzas");
    }

    @Test
    void doesNotBindATokenThatWasRevokedAfterTheLogin() {
        Created channel = gateway.api().create(key);
        WireClient client = transport.open(gateway);
        assertThat(client.login("", WireClient.localpart(channel.jid()), channel.token())
                        .getLocalName())
                .isEqualTo("success");
        gateway.api().revokeToken(channel.token());

        hasEnded(
                client.askInVain(transport.restart()
                        + "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"),
                "Invalid+token.");
    }

    @Test
    void logsInAndReceivesTheHeadlinesOfItsKey() {
        Created channel = gateway.api().create(key);
        WireClient client = transport.connected(gateway, channel);
        WireClient twin = transport.connected(gateway, channel);
        WireClient other = transport.connected(gateway, gateway.api().create(key + "/other"));

        assertThat(client.jid()).startsWith(channel.jid() + "/").isNotEqualTo(twin.jid());
        assertThat(gateway.api().subscribers(key)).hasValue(2);
        assertThat(gateway.api().send(key, "a <headline>")).isEqualTo(2);
        gateway.api().send(key + "/other", "for the other");

        for (WireClient one : List.of(client, twin)) {
            Element message = one.next();
            assertThat(message.getLocalName()).isEqualTo("message");
            assertThat(message.getAttribute("type")).isEqualTo("headline");
            assertThat(message.getAttribute("from")).isEqualTo("channel." + WireClient.DOMAIN);
            assertThat(WireClient.find(message, "body").get(0).getTextContent()).isEqualTo("a <headline>");
            Element extension = WireClient.find(message, "channel").get(0);
            assertThat(extension.getNamespaceURI()).isEqualTo("urn:channelgateway:1");
            assertThat(extension.getAttribute("id")).isNotEmpty();
        }
        assertThat(other.next().getTextContent()).isEqualTo("for the other");
    }

    @Test
    void isGoneAtOnceWhenItTerminates() {
        WireClient client = connected();

        client.terminate();

        await().until(() -> gateway.api().subscribers(key).equals(OptionalInt.of(0)));
    }

    @Test
    void isToldWhyItEndsWhenItsTokenIsRevokedOrExpires() {
        WireClient revoked = connected();
        revoked.listen();
        gateway.api().revoke(key);
        hasEnded(revoked.end(), "Invalid+token.");

        WireClient expired = transport.connected(gateway, gateway.api().create(key, 1));
        expired.listen();
        gateway.clock().advance(Duration.ofMinutes(1));
        hasEnded(expired.end(), "Token+timed+out.");
    }

    private static void hasEnded(Element error, String why) {
        assertThat(error.getLocalName()).isEqualTo("error");
        assertThat(error.getNamespaceURI()).isEqualTo("http://etherx.jabber.org/streams");
        assertThat(WireClient.find(error, "not-authorized")).hasSize(1);
        assertThat(WireClient.find(error, "text").get(0).getTextContent()).isEqualTo(why);
    }

    @Test
    void isRefusedWithTheTokenOfAnotherAccountOrNone() {
        Created channel = gateway.api().create(key);
        Created another = gateway.api().create(key);
        String localpart = WireClient.localpart(channel.jid());
        WireClient client = transport.open(gateway);

        Element failure = client.login("", localpart, another.token());

        assertThat(failure.getLocalName()).isEqualTo("failure");
        assertThat(WireClient.only(failure).getLocalName()).isEqualTo("not-authorized");
        assertThat(WireClient.only(client.login("", localpart, "secret")).getLocalName())
                .isEqualTo("not-authorized");
        assertThat(client.login("", localpart, channel.token()).getLocalName()).isEqualTo("success");
    }

    /** RFC 6120 §6.3.8. */
    @Test
    void mayNotActForAnotherAccount() {
        Created channel = gateway.api().create(key);
        Created another = gateway.api().create(key);
        WireClient client = transport.open(gateway);
        String localpart = WireClient.localpart(channel.jid());

        Element failure = client.login(another.jid(), localpart, channel.token());

        assertThat(failure.getLocalName()).isEqualTo("failure");
        assertThat(WireClient.only(failure).getLocalName()).isEqualTo("invalid-authzid");
        assertThat(client.login(channel.jid(), localpart, channel.token()).getLocalName())
                .isEqualTo("success");
    }

    @Test
    void hasAnEmptyRoster() {
        Element answer = connected().iq("get", "", "<query xmlns='jabber:iq:roster'/>");

        assertThat(answer.getAttribute("type")).isEqualTo("result");
        Element roster = WireClient.only(answer);
        assertThat(roster.getNamespaceURI()).isEqualTo("jabber:iq:roster");
        assertThat(WireClient.elements(roster)).isEmpty();
    }

    @Test
    void isToldWhatTheServerIsAndHas() {
        WireClient client = connected();
        String domain = WireClient.DOMAIN;

        Element info = client.iq("get", domain, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
        Element items = client.iq("get", domain, "<query xmlns='http://jabber.org/protocol/disco#items'/>");

        assertThat(info.getAttribute("type")).isEqualTo("result");
        assertThat(info.getAttribute("from")).isEqualTo(domain);
        assertThat(WireClient.find(info, "identity")).isNotEmpty();
        assertThat(WireClient.find(info, "feature"))
                .extracting(feature -> feature.getAttribute("var"))
                .contains("http://jabber.org/protocol/disco#info", "urn:xmpp:ping");
        assertThat(items.getAttribute("type")).isEqualTo("result");
    }

    @Test
    void learnsWhatItsOwnAccountIs() {
        WireClient client = connected();
        String own = client.bareJid();

        Element info = client.iq("get", own, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
        Element items = client.iq("get", own, "<query xmlns='http://jabber.org/protocol/disco#items'/>");
        Element node = client.iq("get", own, "<query xmlns='http://jabber.org/protocol/disco#info' node='x'/>");

        assertThat(info.getAttribute("from")).isEqualTo(own);
        Element identity = WireClient.find(info, "identity").get(0);
        assertThat(identity.getAttribute("category")).isEqualTo("account");
        assertThat(identity.getAttribute("type")).isEqualTo("registered");
        assertThat(items.getAttribute("type")).isEqualTo("result");
        assertThat(WireClient.find(items, "item")).isEmpty();
        assertThat(WireClient.find(node, "item-not-found")).hasSize(1);
    }

    @Test
    void isAnsweredWhenItPingsTheServerOrItself() {
        WireClient client = connected();

        for (String to : List.of("", WireClient.DOMAIN, client.bareJid())) {
            Element pong = client.iq("get", to, PING);
            assertThat(pong.getAttribute("type")).isEqualTo("result");
            assertThat(pong.getAttribute("from")).isEqualTo(to);
            assertThat(pong.getAttribute("to")).isEqualTo(client.jid());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "get | <vCard xmlns='vcard-temp'/>",
                "set | <enable xmlns='urn:xmpp:carbons:2'/>",
                "set | <query xmlns='jabber:iq:roster'><item jid='friend@localhost'/></query>",
                "get | <query xmlns='jabber:iq:register'/>",
                "set | <query xmlns='jabber:iq:register'><password>mine</password></query>",
                "get | <query xmlns='jabber:iq:private'><x xmlns='x'/></query>",
                "set | <command xmlns='http://jabber.org/protocol/commands' node='x'/>",
                "get | <pubsub xmlns='http://jabber.org/protocol/pubsub'/>"
            })
    void isToldThatAnythingElseIsNotThere(String type, String payload) {
        WireClient client = connected();

        for (String to : List.of("", WireClient.DOMAIN, client.bareJid())) {
            hasError(client.iq(type, to, payload), "cancel", "service-unavailable");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "set"})
    void mayAskNoOtherAccountAnything(String type) {
        WireClient client = connected();
        WireClient other = connected();

        for (String to :
                List.of(other.bareJid(), other.jid(), "elsewhere.example", "app-guestbook@" + WireClient.DOMAIN)) {
            hasError(client.iq(type, to, PING), "cancel", "service-unavailable");
        }
        hearsNothingOfIt(other);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "message | <body>spam</body>",
                "message | <subject>spam</subject>",
                "presence | <status>spam</status>",
            })
    void maySendNoOtherAccountAnything(String name, String payload) {
        WireClient client = connected();
        WireClient other = connected();

        for (String to : List.of(other.bareJid(), other.jid(), "app-guestbook@localhost", "friend@elsewhere.example")) {
            Element refused = client.ask("<%s id='x' to='%s'>%s</%s>".formatted(name, to, payload, name));
            assertThat(refused.getLocalName()).isEqualTo(name);
            assertThat(refused.getAttribute("id")).isEqualTo("x");
            hasError(refused, "cancel", "not-allowed");
        }
        hearsNothingOfIt(other);
    }

    @Test
    void cannotSayThatItIsAnother() {
        WireClient client = connected();
        WireClient other = connected();

        Element pong = client.ask("<iq type='get' id='x' from='%s'>%s</iq>".formatted(other.jid(), PING));
        Element refused = client.ask("<message from='channel.%s' to='%s'/>".formatted(WireClient.DOMAIN, other.jid()));

        assertThat(pong.getAttribute("to")).isEqualTo(client.jid());
        hasError(refused, "cancel", "not-allowed");
        assertThat(refused.getAttribute("to")).isEqualTo(client.jid());
        hearsNothingOfIt(other);
    }

    @Test
    void isAnsweredByTheServiceWhatItIsAndThatItIsThere() {
        WireClient client = connected();

        Element info = client.iq("get", SERVICE, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
        Element pong = client.iq("get", SERVICE, PING);

        assertThat(WireClient.find(info, "identity").get(0).getAttribute("category"))
                .isEqualTo("component");
        assertThat(WireClient.find(info, "feature"))
                .extracting(feature -> feature.getAttribute("var"))
                .contains("urn:channelgateway:1");
        assertThat(pong.getAttribute("type")).isEqualTo("result");
        assertThat(pong.getAttribute("from")).isEqualTo(SERVICE);
        assertThat(pong.getAttribute("to")).isEqualTo(client.jid());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "set | <create xmlns='urn:channelgateway:1' key='%s'/>",
                "set | <publish xmlns='urn:channelgateway:1' key='%s'>spam</publish>",
                "set | <revoke xmlns='urn:channelgateway:1' key='%s'/>",
                "get | <get xmlns='urn:channelgateway:1' key='%s'/>",
            })
    void mayNotDoWhatApplicationsDo(String type, String payload) {
        WireClient client = connected();

        hasError(client.iq(type, SERVICE, payload.formatted(key)), "cancel", "not-allowed");
        assertThat(gateway.api().subscribers(key)).hasValue(1);
        hearsNothingOfIt(client);
    }

    @Test
    void isToldNothingOfOthersThatComeAndGo() {
        WireClient client = connected();

        connected().terminate();

        hearsNothingOfIt(client);
    }

    /** What it hears next is what is sent next. */
    private void hearsNothingOfIt(WireClient client) {
        gateway.api().send(key, "the next");
        assertThat(client.next().getTextContent()).isEqualTo("the next");
    }
}
