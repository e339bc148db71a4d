package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlReader;
import org.junit.jupiter.api.Test;

final class BarePollTest {
    private static final String NS = "xmlns='http://jabber.org/protocol/httpbind'";
    private final XmlReader reader = new XmlReader(new XmlLimits(65_536, 32, 64, 1_000));

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What any XML is read as. */
    private BoshRequest slowly(String text) throws BoshException {
        return BoshXml.read(reader, bytes(text));
    }

    @Test
    void isReadAsAnyXmlIs() throws BoshException {
        for (String text : List.of(
                "<body rid='7' " + NS + " sid='a-Z_09'/>",
                "<body " + NS.replace('\'', '"') + " sid=\"s\" rid=\"9007199254740991\"></body>",
                "<body sid='s' ack='6' rid='7' " + NS + "/>")) {
            BoshRequest quick = Objects.requireNonNull(BarePoll.read(bytes(text)), text);
            BoshRequest slow = slowly(text);
            assertThat(quick.rid()).isEqualTo(slow.rid());
            assertThat(quick.sid()).isEqualTo(slow.sid());
            assertThat(quick.ack()).isEqualTo(slow.ack());
            assertThat(quick.stanzas()).isEmpty();
            assertThat(quick.creation()).isNull();
            assertThat(quick.terminate() || quick.restart() || quick.pause() > 0)
                    .isFalse();
        }
    }

    @Test
    void isNothingThatIsInTheLeastUnusual() {
        String poll = "<body rid='7' sid='s' " + NS;
        for (String text : List.of(
                "",
                "<body",
                "<body/>",
                "<body rid='7' sid='s'/>",
                "<body rid='7' " + NS + "/>",
                "<body sid='s' " + NS + "/>",
                "<body rid='0' sid='s' " + NS + "/>",
                "<body rid='x' sid='s' " + NS + "/>",
                "<body rid='7' rid='8' sid='s' " + NS + "/>",
                "<body rid='7' sid='s' sid='t' " + NS + "/>",
                "<body rid='7' sid='s&#97;' " + NS + "/>",
                "<body rid='7' sid='é' " + NS + "/>",
                "<body rid='7' sid='' " + NS + "/>",
                "<body rid='7' sid='s' xmlns='jabber:client'/>",
                "<bodyrid='7' sid='s' " + NS + "/>",
                "<body  rid='7' sid='s' " + NS + "/>",
                "<body rid = '7' sid='s' " + NS + "/>",
                poll,
                poll + ">",
                poll + " />",
                poll + "/> ",
                poll + "/><body/>",
                poll + "></body",
                poll + "></bodi>",
                poll + "><iq/></body>",
                poll + " type='terminate'/>",
                poll + " pause='9'/>",
                poll + " key='k'/>",
                poll + " ack=''/>",
                poll + " ack='1' ack='1'/>",
                poll + " xmlns:xmpp='urn:xmpp:xbosh' xmpp:restart='true'/>",
                poll + " a",
                poll + " a=",
                poll + " a='",
                "<body rid='7' sid='" + "s".repeat(600) + "' " + NS + "/>")) {
            assertThat(BarePoll.read(bytes(text))).as(text).isNull();
        }
    }
}
