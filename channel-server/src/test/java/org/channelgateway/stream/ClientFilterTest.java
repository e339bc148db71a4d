package org.channelgateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.channelgateway.stream.ClientFilter.Verdict;
import org.channelgateway.xml.XmlException;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The star: what a subscriber may send. */
final class ClientFilterTest {
    private static final String ME = "ch-me@localhost";

    private final ClientFilter filter = new ClientFilter("localhost", "channel.localhost");
    private final XmlReader reader = new XmlReader(new XmlLimits(10_000, 10, 10, 10));

    private Verdict judge(String stanza) throws XmlException {
        return judge(stanza, ME);
    }

    private Verdict judge(String stanza, @Nullable String sender) throws XmlException {
        String xml = stanza.replaceFirst("[ />]", " xmlns='jabber:client'$0").replaceFirst("'/", "' /");
        return filter.judge(reader.read(xml.getBytes(StandardCharsets.UTF_8)), sender);
    }

    private static void assertRefused(Verdict verdict, String condition) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refuse.class,
                        refuse -> assertThat(refuse.error().condition()).isEqualTo(condition));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>",
                "<iq type='get' id='1' to='localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
                "<iq type='get' id='1' to='LOCALHOST'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='get' id='1' to='ch-me@localhost'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='set' id='1'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>",
            })
    void letsTheServerAnswerAboutItselfAndTheOwnAccount(String stanza) throws XmlException {
        assertThat(judge(stanza)).isInstanceOf(Verdict.Pass.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<iq type='get' id='1' to='channel.localhost'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='set' id='1' to='Channel.localhost'><create xmlns='urn:channelgateway:1' key='k'/></iq>",
            })
    void letsTheServiceAnswerWhatItIsAsked(String stanza) throws XmlException {
        assertThat(judge(stanza)).isInstanceOf(Verdict.Ask.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<presence/>",
                "<presence to='channel.localhost'/>",
                "<presence type='error' to='ch-you@localhost'/>",
                "<message type='error' to='ch-you@localhost'/>",
                "<iq type='result' id='1' to='localhost'/>",
                "<iq type='error' id='1' to='ch-you@localhost'/>",
            })
    void swallowsPresenceAndAnswers(String stanza) throws XmlException {
        assertThat(judge(stanza)).isInstanceOf(Verdict.Swallow.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<message to='ch-you@localhost'><body>x</body></message>",
                "<message to='app-guestbook@localhost'><body>x</body></message>",
                "<message to='channel.localhost'><body>x</body></message>",
                "<message><body>x</body></message>",
                "<presence to='ch-you@localhost'/>",
                "<presence to='channel.localho\u017Ft'/>",
                "<presence type='subscribe' to='ch-you@localhost'/>",
            })
    void refusesWhatIsForAnother(String stanza) throws XmlException {
        assertRefused(judge(stanza), "not-allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<iq type='get' id='1' to='ch-you@localhost'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='get' id='1' to='channel.localho\u017Ft'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='get' id='1' to='localho\u017Ft'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='get' id='1' to='ch-you@localhost/x'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='set' id='1'><query xmlns='jabber:iq:register'/></iq>",
                "<iq type='get' id='1'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>",
                "<iq type='get' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
                "<iq type='set' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='get' id='1'><vCard xmlns='vcard-temp'/></iq>",
            })
    void saysThatOtherRequestsAreNotAvailable(String stanza) throws XmlException {
        assertRefused(judge(stanza), "service-unavailable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<iq type='get' id='1' to='ch-me@localhost'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<presence to='ch-me@localhost'/>",
            })
    void takesNoAccountForItsOwnWhereItDoesNotKnowWhoSends(String stanza) throws XmlException {
        assertThat(judge(stanza, null)).isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void takesNoOtherLetterForOneOfAscii() throws XmlException {
        String ping = "<iq type='get' id='1' to='ch-%s@localhost'><ping xmlns='urn:xmpp:ping'/></iq>";
        assertThat(judge(ping.formatted("K"), "ch-k@localhost")).isInstanceOf(Verdict.Pass.class);
        assertRefused(judge(ping.formatted("\u212A"), "ch-k@localhost"), "service-unavailable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='get' id='1'/>",
                "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='other' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
            })
    void refusesAnIqThatIsNone(String stanza) throws XmlException {
        assertRefused(judge(stanza), "bad-request");
    }
}
