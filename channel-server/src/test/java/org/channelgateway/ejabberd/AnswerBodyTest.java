package org.channelgateway.ejabberd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlElement;
import org.junit.jupiter.api.Test;

final class AnswerBodyTest {
    private static final String ID = "urn:channelgateway:refused:7";
    private static final String RESULT = "<iq xml:lang='en' to='a@d/r' from='d' type='result' id='" + ID + "'/>";
    private static final XmlElement STANZA =
            new XmlElement("jabber:client", "message", List.of(new XmlAttribute("", "type", "error")), List.of());

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String without(String answer) {
        return text(AnswerBody.withoutIq(ID, bytes(answer)));
    }

    @Test
    void takesTheResultOfAnIqAwayWhereverItIs() {
        assertThat(without("<body>" + RESULT + "</body>")).isEqualTo("<body></body>");
        assertThat(without("<body><message/>" + RESULT + "<iq id='other'/></body>"))
                .isEqualTo("<body><message/><iq id='other'/></body>");
        assertThat(without("<body><iq id='first'><query/></iq>" + RESULT + "</body>"))
                .isEqualTo("<body><iq id='first'><query/></iq></body>");
    }

    @Test
    void takesItsErrorAwayToo() {
        assertThat(without("<body><iq type='error' id='" + ID + "'><ping/><error/></iq><message/></body>"))
                .isEqualTo("<body><message/></body>");
    }

    @Test
    void leavesAnAnswerAsItIsThatHasNone() {
        for (String answer : List.of(
                "<body/>",
                "<body><iq id='other'/></body>",
                "<body><message id='" + ID + "'/></body>",
                "<body><iq id='other'/><message id='" + ID + "'/></body>",
                "<body><iq id='" + ID + "'>",
                "<body><iq ")) {
            assertThat(without(answer)).isEqualTo(answer);
        }
    }

    @Test
    void getsStanzasBehindThoseThatItHas() {
        String stanza = "<message xmlns='jabber:client' type='error'/>";
        assertThat(text(AnswerBody.with(List.of(STANZA), bytes("<body a='b'/>"))))
                .isEqualTo("<body a='b'>" + stanza + "</body>");
        assertThat(text(AnswerBody.with(List.of(STANZA), bytes("<body a='b'><iq/></body>"))))
                .isEqualTo("<body a='b'><iq/>" + stanza + "</body>");
    }

    @Test
    void isToldFromWhatIsNone() {
        assertThat(AnswerBody.is(bytes("<body/>"))).isTrue();
        assertThat(AnswerBody.is(bytes("<html/>"))).isFalse();
        assertThat(AnswerBody.is(bytes(""))).isFalse();
    }

    @Test
    void saysWhoHasLoggedIn() {
        assertThat(AnswerBody.hasSuccess(bytes("<body><success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></body>")))
                .isTrue();
        assertThat(AnswerBody.hasSuccess(bytes("<body><failure/></body>"))).isFalse();
    }
}
