package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.OptionalInt;
import java.util.UUID;
import org.channelgateway.it.ChannelApi.Created;
import org.channelgateway.it.WireClient.Transport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/** The way from a stream to a session, and what ends it: the tables of {@code docs/xmpp.md}. */
@Timeout(60)
abstract class LoginContract {
    private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
    private static final String BIND = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>";
    private static final String PING = "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>";

    private static GatewayFixture gateway;

    private final Transport transport;
    private final String key = "login/" + UUID.randomUUID();

    @SuppressWarnings("NullAway.Init") // made before each test
    private Created channel;

    @SuppressWarnings("NullAway.Init")
    private String localpart;

    @SuppressWarnings("NullAway.Init")
    private WireClient client;

    LoginContract(Transport transport) {
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
    void open() {
        channel = gateway.api().create(key);
        localpart = WireClient.localpart(channel.jid());
        client = transport.open(gateway);
    }

    private static String auth(String mechanism, String base64) {
        return "<auth xmlns='" + SASL + "' mechanism='" + mechanism + "'>" + base64 + "</auth>";
    }

    private static String plain(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void hasFailed(Element answer, String condition) {
        assertThat(answer.getLocalName()).isEqualTo("failure");
        assertThat(answer.getNamespaceURI()).isEqualTo(SASL);
        assertThat(WireClient.only(answer).getLocalName()).isEqualTo(condition);
    }

    private static void hasEnded(Element error, String condition) {
        assertThat(error.getLocalName()).isEqualTo("error");
        assertThat(error.getNamespaceURI()).isEqualTo("http://etherx.jabber.org/streams");
        Element said = WireClient.elements(error).get(0);
        assertThat(said.getLocalName()).isEqualTo(condition);
        assertThat(said.getNamespaceURI()).isEqualTo("urn:ietf:params:xml:ns:xmpp-streams");
    }

    /** What failed before has not ended the stream. */
    private void logsInNow() {
        assertThat(client.login("", localpart, channel.token()).getLocalName()).isEqualTo("success");
        client.bind();
        assertThat(client.bareJid()).isEqualTo(channel.jid());
    }

    @Test
    void isToldThatAMechanismIsNone() {
        hasFailed(client.ask(auth("SCRAM-SHA-1", plain("n,,n=user,r=x"))), "invalid-mechanism");
        hasFailed(client.ask(auth("", plain("\0" + localpart + "\0" + channel.token()))), "invalid-mechanism");
        logsInNow();
    }

    /** RFC 6120 §6.4.4. */
    @Test
    void mayAbort() {
        assertThat(client.ask(auth("PLAIN", "")).getLocalName()).isEqualTo("challenge");
        hasFailed(client.ask("<abort xmlns='" + SASL + "'/>"), "aborted");
        logsInNow();
    }

    /** RFC 6120 §6.4.2 and §6.4.3. */
    @Test
    void maySayWhoItIsWhenItIsAsked() {
        Element challenge = client.ask(auth("PLAIN", ""));
        assertThat(challenge.getLocalName()).isEqualTo("challenge");
        assertThat(challenge.getTextContent()).isEmpty();

        String response = plain("\0" + localpart + "\0" + channel.token());
        Element success = client.ask("<response xmlns='" + SASL + "'>" + response + "</response>");
        assertThat(success.getLocalName()).isEqualTo("success");
        client.bind();
        assertThat(client.bareJid()).isEqualTo(channel.jid());
    }

    @Test
    void isNotAskedTwice() {
        client.ask(auth("PLAIN", ""));
        hasFailed(
                client.ask("<response xmlns='" + SASL + "'>" + plain("\0" + localpart + "\0x") + "</response>"),
                "not-authorized");

        String response = plain("\0" + localpart + "\0" + channel.token());
        hasEnded(client.askInVain("<response xmlns='" + SASL + "'>" + response + "</response>"), "not-authorized");
    }

    @Test
    void isToldThatWhatItSaysIsNotBase64OfUtf8() {
        hasFailed(client.ask(auth("PLAIN", "not base64")), "incorrect-encoding");
        byte[] latin = ("\0" + localpart + "\0é").getBytes(StandardCharsets.ISO_8859_1);
        hasFailed(client.ask(auth("PLAIN", Base64.getEncoder().encodeToString(latin))), "incorrect-encoding");
        logsInNow();
    }

    @Test
    void isToldThatWhatItSaysIsNotPlain() {
        hasFailed(client.ask(auth("PLAIN", plain(localpart + "\0" + channel.token()))), "malformed-request");
        hasFailed(client.ask(auth("PLAIN", "=")), "malformed-request");
        logsInNow();
    }

    @Test
    void isToldThatANameOrASecretIsMissing() {
        hasFailed(client.ask(auth("PLAIN", plain("\0\0" + channel.token()))), "malformed-request");
        hasFailed(client.ask(auth("PLAIN", plain("\0" + localpart + "\0"))), "malformed-request");
        logsInNow();
    }

    @Test
    void hasThreeAttempts() {
        hasFailed(client.login("", localpart, "first"), "not-authorized");
        hasFailed(client.login("", localpart, "second"), "not-authorized");
        hasFailed(client.login("", localpart, "third"), "not-authorized");
        hasEnded(client.end(), "policy-violation");
    }

    @Test
    void hasOneAttemptAtATime() {
        String wrong = auth("PLAIN", plain("\0" + localpart + "\0wrong"));
        String right = auth("PLAIN", plain("\0" + localpart + "\0" + channel.token()));

        hasEnded(client.askInVain(wrong + right), "policy-violation");
        assertThat(gateway.api().subscribers(key)).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<message to='channel.localhost'><body>x</body></message>",
                "<presence/>",
                PING,
                "<iq type='set' id='b'>" + BIND + "</iq>",
                "<success xmlns='" + SASL + "'/>",
                "<unknown xmlns='urn:x'/>"
            })
    void isCutOffForAnythingElseBeforeItsLogin(String stanza) {
        hasEnded(client.askInVain(stanza), "not-authorized");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<message to='channel.localhost'><body>x</body></message>",
                "<presence/>",
                PING,
                "<iq type='get' id='g' to='channel.localhost'><get xmlns='urn:channelgateway:1' key='k'/></iq>"
            })
    void isCutOffForAnythingElseBeforeItsBind(String stanza) {
        client.login("", localpart, channel.token());

        hasEnded(client.askInVain(transport.restart() + stanza), "not-authorized");
        assertThat(gateway.api().subscribers(key)).hasValue(0);
    }

    @Test
    void isCutOffForWhatIsNoStanza() {
        client.login("", localpart, channel.token());
        client.bind();
        WireClient unbound = transport.open(gateway);
        unbound.login("", localpart, channel.token());

        hasEnded(client.askInVain("<unknown xmlns='urn:x'/>"), "unsupported-stanza-type");
        hasEnded(unbound.askInVain(transport.restart() + "<r xmlns='urn:xmpp:sm:3'/>"), "unsupported-stanza-type");
        await().until(() -> gateway.api().subscribers(key).equals(OptionalInt.of(0)));
    }

    @Test
    void bindsOnce() {
        client.login("", localpart, channel.token());
        client.bind();
        String jid = client.jid();

        Element refused = client.iq("set", "", BIND);

        assertThat(refused.getAttribute("type")).isEqualTo("error");
        assertThat(WireClient.find(refused, "not-allowed")).hasSize(1);
        assertThat(client.ask(PING).getAttribute("to")).isEqualTo(jid);
        assertThat(gateway.api().subscribers(key)).hasValue(1);
    }

    @Test
    void receivesThoughItNeverSentPresence() {
        client.login("", localpart, channel.token());
        assertThat(client.tryBind().getAttribute("type")).isEqualTo("result");

        assertThat(gateway.api().send(key, "to the absent")).isEqualTo(1);
        assertThat(client.next().getTextContent()).isEqualTo("to the absent");
    }

    @Test
    void isEndedWhenItDoesNotBindInTime() {
        FixtureSettings settings = FixtureSettings.withoutPages().with("CHANNEL_LIMITS_BINDTIME", "2s");
        try (GatewayFixture hasty = GatewayFixture.start(settings)) {
            Created other = hasty.api().create(key);
            WireClient slow = transport.open(hasty);
            WireClient silent = transport.open(hasty);
            slow.login("", WireClient.localpart(other.jid()), other.token());

            hasEnded(slow.askInVain(transport.restart()), "connection-timeout");
            hasEnded(silent.end(), "connection-timeout");
            assertThat(hasty.api().subscribers(key)).hasValue(0);
        }
    }
}
