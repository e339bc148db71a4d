package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

final class RequestIqTest {
    private static final Jid SERVICE = JidCreate.fromOrThrowUnchecked("channel.example.org");

    private static String written(Request<?> request) {
        SmackSetup.ensureDone();
        return new RequestIq("c1", SERVICE, request).toXML().toString();
    }

    private static Element child(Request<?> request) throws Exception {
        DocumentBuilderFactory parsers = DocumentBuilderFactory.newInstance();
        parsers.setNamespaceAware(true);
        Element iq = parsers.newDocumentBuilder()
                .parse(new InputSource(new StringReader(written(request))))
                .getDocumentElement();
        return (Element) iq.getFirstChild();
    }

    @Test
    void writesEveryRequestAsTheProtocolHasIt() {
        String set = "<iq xmlns='jabber:client' to='channel.example.org' id='c1' type='set'>";
        String get = set.replace("'set'", "'get'");
        assertThat(written(Request.create("k", 0)))
                .isEqualTo(set + "<create xmlns='urn:channelgateway:1' key='k'/></iq>");
        assertThat(written(Request.create("k", 120)))
                .isEqualTo(set + "<create xmlns='urn:channelgateway:1' key='k' duration='120'/></iq>");
        assertThat(written(Request.publish("k", "i", "m")))
                .isEqualTo(set + "<publish xmlns='urn:channelgateway:1' key='k' id='i'>m</publish></iq>");
        assertThat(written(Request.revoke("k"))).isEqualTo(set + "<revoke xmlns='urn:channelgateway:1' key='k'/></iq>");
        assertThat(written(Request.revokeToken("t")))
                .isEqualTo(set + "<revoke xmlns='urn:channelgateway:1' token='t'/></iq>");
        assertThat(written(Request.get("k"))).isEqualTo(get + "<get xmlns='urn:channelgateway:1' key='k'/></iq>");
    }

    @Test
    void writesWhiteSpaceSoThatNoParserChangesIt() {
        assertThat(written(Request.publish("a\tb\nc\rd", "'", "\te\nf\rg]]>")))
                .contains("key='a&#9;b&#10;c&#13;d' id='&#39;'>\te\nf&#13;g]]&gt;</publish>");
    }

    @Test
    void anyTextIsReadAsItWasWritten() throws Exception {
        for (String text : List.of(
                "<&>\"'",
                "</publish><publish>",
                "]]>",
                "&amp;&#13;",
                "àß 漢字 עברית 😀👩‍👩‍👧",
                "\r",
                "\r\n\n\r\t ",
                " \t leading and trailing \r\n ",
                "\u0085\u2028\ufeff\ufffd")) {
            Element publish = child(Request.publish(text, text, text));

            assertThat(publish.getAttribute("key")).isEqualTo(text);
            assertThat(publish.getAttribute("id")).isEqualTo(text);
            assertThat(publish.getTextContent()).isEqualTo(text);
        }
    }

    @Test
    void showsNeitherKeyNorMessageNorToken() {
        assertThat(Request.publish("key", "id", "message")).hasToString("<publish/>");
        assertThat(Request.revokeToken("token")).hasToString("<revoke/>");
        assertThat(new ChannelLease("token", "ch-1@localhost", java.time.Instant.EPOCH))
                .hasToString("ChannelLease[token=…, jid=ch-1@localhost, expires=1970-01-01T00:00:00Z]");
    }
}
