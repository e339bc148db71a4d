package org.channelgateway.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

class XmlWriterTest {
    private static final List<String> PIECES = List.of(
            "<",
            "&",
            ">",
            "\"",
            "'",
            "\r",
            "\n",
            "\r\n",
            "\t",
            " ",
            "]]>",
            "&amp;lt;",
            "&#65;",
            "\uD83D\uDE00",
            "é",
            "\uFFFD",
            "\u0085",
            "\u2028",
            "\u007f",
            "a");

    private final XmlReader reader = new XmlReader(new XmlLimits(1 << 20, 32, 64, 1000));
    private final DocumentBuilder independent;

    XmlWriterTest() throws ParserConfigurationException {
        independent = DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder();
    }

    @Test
    void declaresANamespaceOnlyWhereItChanges() {
        XmlWriter writer = new XmlWriter(10);
        writer.start("urn:a", "a").attribute("x", "1").start("urn:a", "b").end();
        writer.start("urn:c", "c").start("", "d").end().end().end();
        assertThat(writer.toString()).isEqualTo("<a xmlns='urn:a' x='1'><b/><c xmlns='urn:c'><d xmlns=''/></c></a>");
    }

    @Test
    void writesNoNamespaceAtTheRootWhenThereIsNone() {
        assertThat(new XmlWriter(10).start("", "a").text("x").end().toString()).isEqualTo("<a>x</a>");
    }

    @Test
    void refusesAnAttributeAfterContent() {
        XmlWriter writer = new XmlWriter(10).start("", "a").text("x");
        assertThatThrownBy(() -> writer.attribute("x", "1")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesToBeReadWhileAnElementIsOpen() {
        XmlWriter writer = new XmlWriter(10).start("", "a");
        assertThatThrownBy(writer::toString).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keepsTheLanguageAndLeavesOutForeignAttributes() throws XmlException {
        XmlElement root = reader.read(utf8("<a xmlns='urn:a' xmlns:p='urn:p' p:x='1' xml:lang='en' y='2'/>"));
        assertThat(new XmlWriter(10).element(root).toString()).isEqualTo("<a xmlns='urn:a' xml:lang='en' y='2'/>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<&>\"'",
                "\r",
                "\t",
                "\n",
                "\r\n",
                " \r \n \t ",
                "\uD83D\uDE00",
                "&amp;lt;",
                "&#65;&#66;",
                "]]>",
                "<![CDATA[x]]>",
                "<!-- x -->",
                "  two  spaces  "
            })
    void everyReaderGetsBackWhatWasGiven(String text) throws Exception {
        assertComesBack(text);
    }

    @Test
    void everyReaderGetsBackAnyMixOfPieces() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            for (int piece = 1 + random.nextInt(8); piece > 0; piece--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            assertComesBack(text.toString());
        }
    }

    @Test
    void writesAgainWhatItHasRead() throws Exception {
        String xml = "<a xmlns='urn:a' x='&apos;&#10;&amp;'>one &amp; <b xmlns='urn:b'>&#13;]]&gt;<c/></b> two</a>";
        assertThat(new XmlWriter(10).element(reader.read(utf8(xml))).toString()).isEqualTo(xml);
    }

    private void assertComesBack(String text) throws Exception {
        byte[] xml = utf8(new XmlWriter(10)
                .start("urn:a", "a")
                .attribute("x", text)
                .text(text)
                .end()
                .toString());

        XmlElement ours = reader.read(xml);
        assertThat(ours.attribute("x")).isEqualTo(text);
        assertThat(ours.text()).isEqualTo(text);

        Element theirs = independent.parse(new ByteArrayInputStream(xml)).getDocumentElement();
        assertThat(theirs.getAttribute("x")).isEqualTo(text);
        assertThat(theirs.getTextContent()).isEqualTo(text);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
