package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.channelgateway.it.ChannelApi.Created;
import org.channelgateway.it.WireClient.Transport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** The star from outside: whatever an account sends to another one, or in its name, nobody hears of it. */
abstract class StarContract {
    private static final String SERVICE = "channel." + WireClient.DOMAIN;
    private static final String GUESTBOOK = "app-guestbook@" + WireClient.DOMAIN;
    private static final String NEIGHBOUR = "app-neighbour@" + WireClient.DOMAIN;
    private static final String PING = "<ping xmlns='urn:xmpp:ping'/>";
    private static final String NEXT = "<iq xmlns='jabber:client' type='get' id='next'>" + PING + "</iq>";

    private static GatewayFixture gateway;

    private final Transport transport;
    private final String key = "star/" + UUID.randomUUID();

    /** Those who are to hear nothing: an application, and a subscriber of its. */
    @SuppressWarnings("NullAway.Init") // connected before each test
    private WireClient application;

    @SuppressWarnings("NullAway.Init")
    private WireClient subscriber;

    @SuppressWarnings("NullAway.Init")
    private Created channel;

    StarContract(Transport transport) {
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

    @BeforeEach
    void connect() {
        application = transport.connected(gateway, GUESTBOOK, gateway.api().secret());
        channel = gateway.api().create(key);
        subscriber = transport.connected(gateway, channel);
    }

    /** What they hear next is an answer of their own, and what is sent to them next; the channel is as it was. */
    @AfterEach
    void theyHearNothingOfIt() {
        Element state = application.iq("get", SERVICE, "<get xmlns='urn:channelgateway:1' key='" + key + "'/>");
        assertThat(WireClient.only(state).getAttribute("leases")).isEqualTo("1");
        assertThat(WireClient.only(state).getAttribute("subscribers")).isEqualTo("1");
        gateway.api().send(key, "the next");
        Element message = subscriber.next();
        assertThat(message.getTextContent()).isEqualTo("the next");
        assertThat(message.getAttribute("from")).isEqualTo(SERVICE);
        assertThat(subscriber.ask(NEXT).getAttribute("id")).isEqualTo("next");
        assertThat(application.ask(NEXT).getAttribute("id")).isEqualTo("next");
    }

    private static String stanza(String name, String type, String addresses, String payload) {
        String typed = type.isEmpty() ? "" : " type='" + type + "'";
        return "<" + name + " xmlns='jabber:client' id='x'" + typed + addresses + ">" + payload + "</" + name + ">";
    }

    private static void hasError(WireClient who, Element answer, String condition) {
        assertThat(answer.getAttribute("type")).isEqualTo("error");
        assertThat(answer.getAttribute("id")).isEqualTo("x");
        assertThat(answer.getAttribute("to")).isEqualTo(who.jid());
        Element error = WireClient.find(answer, "error").get(0);
        assertThat(error.getAttribute("type")).isEqualTo("cancel");
        assertThat(WireClient.elements(error).get(0).getLocalName()).isEqualTo(condition);
    }

    /** Tries all kinds of stanzas, in its own name and in that of the service. */
    private void reachesNobody(WireClient attacker, WireClient twin) {
        for (WireClient victim : List.of(application, subscriber, twin)) {
            for (String to : victim == twin ? List.of(twin.jid()) : List.of(victim.bareJid(), victim.jid())) {
                attack(attacker, " to='" + to + "'");
                attack(attacker, " from='" + SERVICE + "' to='" + to + "'");
            }
        }
        assertThat(twin.ask(NEXT).getAttribute("id")).isEqualTo("next");
    }

    private static void attack(WireClient attacker, String addresses) {
        for (String type : List.of("", "normal", "chat", "groupchat", "headline", "result")) {
            String message = stanza("message", type, addresses, "<body>spam</body>");
            hasError(attacker, attacker.ask(message), "not-allowed");
        }
        for (String type :
                List.of("", "unavailable", "subscribe", "subscribed", "unsubscribe", "unsubscribed", "probe")) {
            String presence = stanza("presence", type, addresses, "<status>spam</status>");
            hasError(attacker, attacker.ask(presence), "not-allowed");
        }
        for (String payload : List.of(PING, "<publish xmlns='urn:channelgateway:1' key='k'>spam</publish>")) {
            for (String type : List.of("get", "set")) {
                hasError(attacker, attacker.ask(stanza("iq", type, addresses, payload)), "service-unavailable");
            }
            for (String silent : List.of(
                    stanza("iq", "result", addresses, payload),
                    stanza("iq", "error", addresses, payload),
                    stanza("message", "error", addresses, payload),
                    stanza("presence", "error", addresses, payload))) {
                assertThat(attacker.ask(silent + NEXT).getAttribute("id")).isEqualTo("next");
            }
        }
    }

    @Test
    void aSubscriberReachesNobody() {
        Created own = gateway.api().create(key + "/own");
        reachesNobody(transport.connected(gateway, own), transport.connected(gateway, own));
    }

    /** Of the same application as those that it sends to: that makes no difference. */
    @Test
    void anotherTokenOfTheKeyReachesNobody() {
        Created own = gateway.api().create(key);
        WireClient attacker = transport.connected(gateway, own);

        attack(attacker, " to='" + subscriber.jid() + "'");

        attacker.terminate();
        gateway.api().revokeToken(own.token());
    }

    @Test
    void anApplicationReachesNobody() {
        String secret = gateway.neighbour().secret();
        reachesNobody(transport.connected(gateway, NEIGHBOUR, secret), transport.connected(gateway, NEIGHBOUR, secret));
    }

    private List<String> commands() {
        return List.of(
                "<create xmlns='urn:channelgateway:1' key='" + key + "'/>",
                "<publish xmlns='urn:channelgateway:1' key='" + key + "'>spam</publish>",
                "<publish xmlns='urn:channelgateway:1' key='" + channel.token() + "'>spam</publish>",
                "<revoke xmlns='urn:channelgateway:1' key='" + key + "'/>",
                "<revoke xmlns='urn:channelgateway:1' token='" + channel.token() + "'/>");
    }

    private String from(String jid) {
        return " from='" + jid + "' to='" + SERVICE + "'";
    }

    @Test
    void aSubscriberDoesNothingInTheNameOfAnApplication() {
        WireClient attacker = transport.connected(gateway, gateway.api().create(key + "/own"));

        for (String jid : List.of(GUESTBOOK, application.jid(), SERVICE, WireClient.DOMAIN)) {
            for (String command : commands()) {
                hasError(attacker, attacker.ask(stanza("iq", "set", from(jid), command)), "not-allowed");
            }
            String get = "<get xmlns='urn:channelgateway:1' key='" + key + "'/>";
            hasError(attacker, attacker.ask(stanza("iq", "get", from(jid), get)), "not-allowed");
        }
    }

    @Test
    void anApplicationDoesNothingInTheNameOfAnother() {
        WireClient neighbour =
                transport.connected(gateway, NEIGHBOUR, gateway.neighbour().secret());

        for (String jid : List.of(GUESTBOOK, application.jid(), SERVICE)) {
            for (String command : commands()) {
                Element answer = neighbour.ask(stanza("iq", "set", from(jid), command));
                assertThat(answer.getAttribute("type")).as(command).isEqualTo("result");
                assertThat(answer.getAttribute("to")).isEqualTo(neighbour.jid());
                WireClient.find(answer, "published")
                        .forEach(published ->
                                assertThat(published.getAttribute("receivers")).isEqualTo("0"));
            }
            String get = "<get xmlns='urn:channelgateway:1' key='" + key + "'/>";
            hasError(neighbour, neighbour.ask(stanza("iq", "get", from(jid), get)), "item-not-found");
        }
    }
}
