package org.channelgateway.ejabberd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.channelgateway.bosh.BindingCondition;
import org.channelgateway.bosh.BoshException;
import org.channelgateway.bosh.BoshXml;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlException;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a body of a subscriber passes to ejabberd. */
final class ProxiedBodyTest {
    private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
    private static final ProxiedBody.Rules RULES = ProxiedBody.Rules.of("push.example.org", 60);
    private static final XmlReader READER = new XmlReader(new XmlLimits(65_536, 16, 32, 100));

    private static ProxiedBody passed(String body, boolean mayLogIn) throws BoshException, ProxiedBody.Unacceptable {
        return ProxiedBody.of(BoshXml.read(READER, body.getBytes(UTF_8)), RULES, mayLogIn);
    }

    private static String body(String attributes, String content) {
        return "<body xmlns='http://jabber.org/protocol/httpbind' rid='7' sid='s'" + attributes + ">" + content
                + "</body>";
    }

    /** Of a session that has logged in. */
    private static ProxiedBody passed(String content) throws BoshException, ProxiedBody.Unacceptable {
        return passed(body("", content), false);
    }

    private static XmlElement read(ProxiedBody body) throws XmlException {
        return READER.read(body.bytes());
    }

    private static List<XmlElement> stanzas(ProxiedBody body) throws XmlException {
        return read(body).elements();
    }

    private static void endsWith(BindingCondition condition, String content, boolean mayLogIn) {
        assertThatThrownBy(() -> passed(body("", content), mayLogIn))
                .isInstanceOfSatisfying(
                        ProxiedBody.Unacceptable.class,
                        e -> assertThat(e.condition()).isEqualTo(condition));
    }

    @Test
    void aPollPassesAsItsRidAndSidAlone() throws Exception {
        ProxiedBody body = passed(body(" ack='5' secure='true' xmlns:a='urn:a' a:b='c'", ""), false);

        XmlElement written = read(body);
        assertThat(written.is(BoshXml.NAMESPACE, "body")).isTrue();
        assertThat(written.attribute("rid")).isEqualTo("7");
        assertThat(written.attribute("sid")).isEqualTo("s");
        assertThat(written.attribute("ack")).isEqualTo("5");
        assertThat(written.attributes()).hasSize(3);
        assertThat(body.refusals()).isEmpty();
        assertThat(body.logsIn()).isFalse();
    }

    @Test
    void itsEndAPauseAndARestartPass() throws Exception {
        assertThat(read(passed(body(" type='terminate'", ""), false)).attribute("type"))
                .isEqualTo("terminate");
        assertThat(read(passed(body(" pause='30'", ""), false)).attribute("pause"))
                .isEqualTo("30");
        ProxiedBody restart =
                passed(body(" to='elsewhere.example.org' xmlns:xmpp='urn:xmpp:xbosh' xmpp:restart='true'", ""), true);
        assertThat(read(restart).attribute(BoshXml.XBOSH, "restart")).isEqualTo("true");
        assertThat(read(restart).attribute("to")).isNull();
    }

    @Test
    void aCreationAsksForTheDomainAndForNoMoreThanThereIs() throws Exception {
        ProxiedBody body = passed(
                "<body xmlns='http://jabber.org/protocol/httpbind' rid='7' to='push.EXAMPLE.org' wait='3600' hold='5'"
                        + " ver='1.99' route='xmpp:10.0.0.1:25' from='someone@push.example.org'/>",
                true);

        XmlElement written = read(body);
        assertThat(written.attribute("to")).isEqualTo("push.example.org");
        assertThat(written.attribute("wait")).isEqualTo("60");
        assertThat(written.attribute("hold")).isEqualTo("1");
        assertThat(written.attribute("ver")).isEqualTo("1.11");
        assertThat(written.attribute("route")).isNull();
        assertThat(written.attribute("from")).isNull();
        assertThat(written.attribute("sid")).isNull();
    }

    @Test
    void fromIsRemoved() throws Exception {
        ProxiedBody body = passed("<iq xmlns='jabber:client' type='get' id='i' to='push.example.org'"
                + " from='app-guestbook@push.example.org'><ping xmlns='urn:xmpp:ping'/></iq>");

        assertThat(stanzas(body)).singleElement().satisfies(iq -> {
            assertThat(iq.attribute("from")).isNull();
            assertThat(iq.attribute("id")).isEqualTo("i");
            assertThat(iq.elements()).singleElement().matches(ping -> ping.is("urn:xmpp:ping", "ping"));
        });
        assertThat(body.refusals()).isEmpty();
    }

    @Test
    void whatIsForOthersIsRefusedAndEjabberdIsPingedInItsPlace() throws Exception {
        ProxiedBody body = passed("<message xmlns='jabber:client' id='m' to='ch-other@push.example.org'><body>hi</body>"
                + "</message><presence xmlns='jabber:client' id='p' to='app-x@push.example.org' type='subscribe'/>"
                + "<iq xmlns='jabber:client' type='get' id='i' to='example.net'><ping xmlns='urn:xmpp:ping'/></iq>");

        assertThat(body.refusals())
                .extracting(refused -> refused.name() + " " + refused.attribute("type") + " " + refused.attribute("id")
                        + " " + refused.attribute("from"))
                .containsExactly(
                        "message error m ch-other@push.example.org",
                        "presence error p app-x@push.example.org",
                        "iq error i example.net");
        assertThat(stanzas(body)).singleElement().satisfies(ping -> {
            assertThat(ping.attribute("to")).isEqualTo("push.example.org");
            assertThat(ping.attribute("id")).isEqualTo("urn:channelgateway:refused:7");
            assertThat(ping.elements()).singleElement().matches(asked -> asked.is("urn:xmpp:ping", "ping"));
        });
        assertThat(new String(body.bytes(), UTF_8)).doesNotContain("hi", "ch-other", "app-x", "example.net");
    }

    @Test
    void nothingIsPingedWithTheLastRequest() throws Exception {
        ProxiedBody body = passed(
                body(" type='terminate'", "<message xmlns='jabber:client' to='ch-other@push.example.org'/>"), false);

        assertThat(body.refusals()).hasSize(1);
        assertThat(stanzas(body)).isEmpty();
    }

    @Test
    void onlyPresenceThatEjabberdHasToKnowPasses() throws Exception {
        ProxiedBody body = passed("<presence xmlns='jabber:client'/>"
                + "<presence xmlns='jabber:client' type='unavailable' to='channel.push.example.org'/>"
                + "<presence xmlns='jabber:client' type='subscribed'/>"
                + "<presence xmlns='jabber:client' type='probe' to='channel.push.example.org'/>"
                + "<presence xmlns='jabber:client' type='error' to='ch-other@push.example.org'/>");

        assertThat(stanzas(body)).extracting(one -> one.attribute("type")).containsExactly(null, "unavailable");
        assertThat(body.refusals()).isEmpty();
    }

    @Test
    void whatAnswersNobodyIsSwallowed() throws Exception {
        ProxiedBody body = passed("<iq xmlns='jabber:client' type='result' id='r' to='ch-other@push.example.org'/>"
                + "<message xmlns='jabber:client' type='error' to='ch-other@push.example.org'/>");

        assertThat(stanzas(body)).isEmpty();
        assertThat(body.refusals()).isEmpty();
    }

    @Test
    void scramPassesAndItsResponseMayLogIn() throws Exception {
        String auth = "<auth xmlns='" + SASL + "' mechanism='SCRAM-SHA-1'>biws</auth>";
        ProxiedBody first = passed(body("", auth), true);
        assertThat(stanzas(first)).singleElement().satisfies(element -> {
            assertThat(element.attribute("mechanism")).isEqualTo("SCRAM-SHA-1");
            assertThat(element.text()).isEqualTo("biws");
        });
        assertThat(first.logsIn()).isFalse();

        ProxiedBody second = passed(body("", "<response xmlns='" + SASL + "'>Yz1i</response>"), true);
        assertThat(stanzas(second)).singleElement().matches(element -> element.is(SASL, "response"));
        assertThat(second.logsIn()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mechanism='PLAIN'", "mechanism='ANONYMOUS'", "mechanism='scram-sha-1'", ""})
    void ofAnotherMechanismNothingPassesThatCouldLogIn(String mechanism) throws Exception {
        ProxiedBody body =
                passed(body("", "<auth xmlns='" + SASL + "' " + mechanism + ">AHVzZXIAc2VjcmV0</auth>"), true);

        assertThat(stanzas(body)).singleElement().satisfies(element -> {
            assertThat(element.attribute("mechanism")).isEqualTo("NONE");
            assertThat(element.text()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<auth xmlns='" + SASL + "' mechanism='SCRAM-SHA-1'>biws</auth>",
                "<response xmlns='" + SASL + "'/>",
                "<abort xmlns='" + SASL + "'/>"
            })
    void aLoginEndsASessionThatHasLoggedIn(String login) {
        endsWith(BindingCondition.POLICY_VIOLATION, login, false);
    }

    @Test
    void whatOnlyAServerSaysInALoginEndsTheSession() {
        endsWith(BindingCondition.POLICY_VIOLATION, "<success xmlns='" + SASL + "'/>", true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<enable xmlns='urn:xmpp:sm:3'/>",
                "<iq xmlns='jabber:server' type='get' id='i'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<message xmlns='jabber:component:accept' to='push.example.org'/>",
                "<handshake xmlns='jabber:client'/>",
                "<message/>"
            })
    void whatIsNoStanzaOfAClientEndsTheSession(String content) {
        endsWith(BindingCondition.BAD_REQUEST, content, true);
        endsWith(BindingCondition.BAD_REQUEST, content, false);
    }
}
