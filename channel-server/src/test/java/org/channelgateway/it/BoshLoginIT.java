package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.channelgateway.it.ChannelApi.Created;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/** A subscriber without a browser: any BOSH client, with the channel's JID and its token as the password. */
final class BoshLoginIT {
    private static final String PING = "<ping xmlns='urn:xmpp:ping'/>";

    private static GatewayFixture gateway;

    private final String key = "bosh/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private BoshClient connected() {
        return BoshClient.connected(gateway.uri(), gateway.api().create(key));
    }

    private static String bare(BoshClient client) {
        return client.jid().substring(0, client.jid().indexOf('/'));
    }

    private static String domain(BoshClient client) {
        return BoshClient.domain(bare(client));
    }

    private static void hasError(Element stanza, String type, String condition) {
        assertThat(stanza.getAttribute("type")).isEqualTo("error");
        Element error = BoshClient.find(stanza, "error").get(0);
        assertThat(error.getAttribute("type")).isEqualTo(type);
        assertThat(BoshClient.elements(error).get(0).getLocalName()).isEqualTo(condition);
        assertThat(BoshClient.elements(error).get(0).getNamespaceURI())
                .isEqualTo("urn:ietf:params:xml:ns:xmpp-stanzas");
    }

    @Test
    void doesNotBindATokenThatWasRevokedAfterTheLogin() {
        Created channel = gateway.api().create(key);
        BoshClient client = new BoshClient(gateway.uri(), BoshClient.domain(channel.jid()));
        assertThat(client.login("", BoshClient.localpart(channel.jid()), channel.token())
                        .getLocalName())
                .isEqualTo("success");
        gateway.api().revokeToken(channel.token());

        Element body = client.send("<iq xmlns='jabber:client' type='set' id='b'>"
                + "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        assertThat(body.getAttribute("type")).isEqualTo("terminate");
        assertThat(BoshClient.find(body, "text").get(0).getTextContent()).isEqualTo("Invalid+token.");
    }

    @Test
    void logsInAndReceivesTheHeadlinesOfItsKey() {
        Created channel = gateway.api().create(key);
        BoshClient client = BoshClient.connected(gateway.uri(), channel);
        BoshClient twin = BoshClient.connected(gateway.uri(), channel);
        BoshClient other = BoshClient.connected(gateway.uri(), gateway.api().create(key + "/other"));

        assertThat(client.jid()).startsWith(channel.jid() + "/").isNotEqualTo(twin.jid());
        assertThat(gateway.api().subscribers(key)).hasValue(2);
        assertThat(gateway.api().send(key, "a <headline>")).isEqualTo(2);
        gateway.api().send(key + "/other", "for the other");

        for (BoshClient one : List.of(client, twin)) {
            Element message = BoshClient.only(one.poll());
            assertThat(message.getLocalName()).isEqualTo("message");
            assertThat(message.getAttribute("type")).isEqualTo("headline");
            assertThat(message.getAttribute("from")).isEqualTo("channel." + domain(one));
            assertThat(BoshClient.find(message, "body").get(0).getTextContent()).isEqualTo("a <headline>");
            Element extension = BoshClient.find(message, "channel").get(0);
            assertThat(extension.getNamespaceURI()).isEqualTo("urn:channelgateway:1");
            assertThat(extension.getAttribute("id")).isNotEmpty();
        }
        assertThat(BoshClient.only(other.poll()).getTextContent()).isEqualTo("for the other");
    }

    @Test
    void isGoneAtOnceWhenItTerminates() {
        BoshClient client = connected();

        client.terminate();

        assertThat(gateway.api().subscribers(key)).hasValue(0);
    }

    @Test
    void isToldWhyItEndsWhenItsTokenIsRevokedOrExpires() {
        CompletableFuture<Element> revoked = connected().held();
        gateway.api().revoke(key);
        hasEnded(revoked.join(), "Invalid+token.");

        CompletableFuture<Element> expired = BoshClient.connected(
                        gateway.uri(), gateway.api().create(key, 1))
                .held();
        gateway.clock().advance(Duration.ofMinutes(1));
        hasEnded(expired.join(), "Token+timed+out.");
    }

    private static void hasEnded(Element body, String why) {
        assertThat(body.getAttribute("type")).isEqualTo("terminate");
        assertThat(body.getAttribute("condition")).isEqualTo("remote-stream-error");
        Element error = BoshClient.only(body);
        assertThat(error.getLocalName()).isEqualTo("error");
        assertThat(error.getNamespaceURI()).isEqualTo("http://etherx.jabber.org/streams");
        assertThat(BoshClient.find(error, "not-authorized")).hasSize(1);
        assertThat(BoshClient.find(error, "text").get(0).getTextContent()).isEqualTo(why);
    }

    @Test
    void isRefusedWithTheTokenOfAnotherAccountOrNone() {
        Created channel = gateway.api().create(key);
        Created another = gateway.api().create(key);
        String localpart = BoshClient.localpart(channel.jid());
        BoshClient client = new BoshClient(gateway.uri(), BoshClient.domain(channel.jid()));

        Element failure = client.login("", localpart, another.token());

        assertThat(failure.getLocalName()).isEqualTo("failure");
        assertThat(BoshClient.only(failure).getLocalName()).isEqualTo("not-authorized");
        assertThat(BoshClient.only(client.login("", localpart, "secret")).getLocalName())
                .isEqualTo("not-authorized");
        assertThat(client.login("", localpart, channel.token()).getLocalName()).isEqualTo("success");
    }

    @Test
    void mayNotActForAnotherAccount() {
        Created channel = gateway.api().create(key);
        Created another = gateway.api().create(key);
        BoshClient client = new BoshClient(gateway.uri(), BoshClient.domain(channel.jid()));
        String localpart = BoshClient.localpart(channel.jid());

        Element failure = client.login(another.jid(), localpart, channel.token());

        assertThat(failure.getLocalName()).isEqualTo("failure");
        assertThat(BoshClient.only(failure).getLocalName()).isEqualTo("invalid-authzid");
        assertThat(client.login(channel.jid(), localpart, channel.token()).getLocalName())
                .isEqualTo("success");
    }

    @Test
    void isCutOffWhenItSendsAStanzaBeforeItLoggedIn() {
        BoshClient client = new BoshClient(
                gateway.uri(), BoshClient.domain(gateway.api().create(key).jid()));

        Element answer = client.send("<message xmlns='jabber:client' to='a@localhost'><body>x</body></message>");

        assertThat(answer.getAttribute("type")).isEqualTo("terminate");
        assertThat(BoshClient.find(answer, "not-authorized")).hasSize(1);
    }

    @Test
    void hasAnEmptyRoster() {
        Element answer = connected().iq("get", "", "<query xmlns='jabber:iq:roster'/>");

        assertThat(answer.getAttribute("type")).isEqualTo("result");
        Element roster = BoshClient.only(answer);
        assertThat(roster.getNamespaceURI()).isEqualTo("jabber:iq:roster");
        assertThat(BoshClient.elements(roster)).isEmpty();
    }

    @Test
    void isToldWhatTheServerIsAndHas() {
        BoshClient client = connected();
        String domain = domain(client);

        Element info = client.iq("get", domain, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
        Element items = client.iq("get", domain, "<query xmlns='http://jabber.org/protocol/disco#items'/>");

        assertThat(info.getAttribute("type")).isEqualTo("result");
        assertThat(info.getAttribute("from")).isEqualTo(domain);
        assertThat(BoshClient.find(info, "identity")).isNotEmpty();
        assertThat(BoshClient.find(info, "feature"))
                .extracting(feature -> feature.getAttribute("var"))
                .contains("http://jabber.org/protocol/disco#info", "urn:xmpp:ping");
        assertThat(items.getAttribute("type")).isEqualTo("result");
    }

    @Test
    void isAnsweredWhenItPingsTheServerOrItself() {
        BoshClient client = connected();

        for (String to : List.of("", domain(client), bare(client))) {
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
        BoshClient client = connected();

        for (String to : List.of("", domain(client), bare(client))) {
            hasError(client.iq(type, to, payload), "cancel", "service-unavailable");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "set"})
    void mayAskNoOtherAccountAnything(String type) {
        BoshClient client = connected();
        BoshClient other = connected();

        for (String to : List.of(bare(other), other.jid(), "elsewhere.example", "channel." + domain(client))) {
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
        BoshClient client = connected();
        BoshClient other = connected();

        for (String to : List.of(bare(other), other.jid(), "friend@elsewhere.example")) {
            Element refused = BoshClient.only(
                    client.send("<%s xmlns='jabber:client' id='x' to='%s'>%s</%s>".formatted(name, to, payload, name)));
            assertThat(refused.getLocalName()).isEqualTo(name);
            assertThat(refused.getAttribute("id")).isEqualTo("x");
            hasError(refused, "cancel", "not-allowed");
        }
        hearsNothingOfIt(other);
    }

    @Test
    void cannotSayThatItIsAnother() {
        BoshClient client = connected();
        BoshClient other = connected();

        Element pong = BoshClient.only(client.send(
                "<iq xmlns='jabber:client' type='get' id='x' from='%s'>%s</iq>".formatted(other.jid(), PING)));
        Element refused = BoshClient.only(client.send(
                "<message xmlns='jabber:client' from='channel.%s' to='%s'/>".formatted(domain(client), other.jid())));

        assertThat(pong.getAttribute("to")).isEqualTo(client.jid());
        hasError(refused, "cancel", "not-allowed");
        assertThat(refused.getAttribute("to")).isEqualTo(client.jid());
        hearsNothingOfIt(other);
    }

    @Test
    void isToldNothingOfOthersThatComeAndGo() {
        BoshClient client = connected();

        connected().terminate();

        hearsNothingOfIt(client);
    }

    /** What it hears next is what is sent next. */
    private void hearsNothingOfIt(BoshClient client) {
        gateway.api().send(key, "the next");
        assertThat(BoshClient.only(client.poll()).getTextContent()).isEqualTo("the next");
    }
}
