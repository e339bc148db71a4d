package org.channelgateway.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.channelgateway.xml.XmlException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class XmlReaderTest {
    private final XmlReader reader = new XmlReader(new XmlLimits(65_536, 4, 3, 6));

    @Test
    void readsNamesNamespacesAttributesAndText() throws XmlException {
        XmlElement root = read("<a xmlns='urn:a' xmlns:p='urn:p' p:x='1' y='2' xml:lang='en'>one<p:b/>two</a>");
        assertThat(root.is("urn:a", "a")).isTrue();
        assertThat(root.attributes())
                .containsExactlyInAnyOrder(
                        new XmlAttribute("urn:p", "x", "1"),
                        new XmlAttribute("", "y", "2"),
                        new XmlAttribute("http://www.w3.org/XML/1998/namespace", "lang", "en"));
        assertThat(root.attribute("y")).isEqualTo("2");
        assertThat(root.attribute("x")).isNull();
        assertThat(root.children())
                .containsExactly(
                        new XmlText("one"),
                        new XmlElement("urn:p", "b", java.util.List.of(), java.util.List.of()),
                        new XmlText("two"));
        assertThat(root.text()).isEqualTo("onetwo");
        assertThat(root.firstElement()).isEqualTo(root.elements().get(0));
    }

    @Test
    void joinsTextThatComesInSeveralParts() throws XmlException {
        XmlElement root =
                read("<a>one &amp; <![CDATA[<two> &amp; ]]>&#x1F600; three" + " \u00e9".repeat(5000) + "</a>");
        assertThat(root.children()).hasSize(1);
        assertThat(root.text()).isEqualTo("one & <two> &amp; \uD83D\uDE00 three" + " \u00e9".repeat(5000));
    }

    @Test
    void takesWhatIsExactlyAtALimit() throws XmlException {
        assertThat(read("<a><b><c><d/></c></b></a>").name()).isEqualTo("a");
        assertThat(read("<a x='' y='' z=''/>").attributes()).hasSize(3);
        assertThat(read("<a><b/><b/><b/><b/><b/></a>").elements()).hasSize(5);
        assertThat(read("<a>" + "x".repeat(65_536 - 7) + "</a>").text()).hasSize(65_529);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<a><b><c><d><e/></d></c></b></a>", "<a x='' y='' z='' q=''/>", "<a><b/><b/><b/><b/><b/><b/></a>"
            })
    void refusesOneMoreThanALimit(String document) {
        assertRefused(Reason.LIMIT, document);
    }

    @Test
    void refusesADocumentOneByteTooLong() {
        assertRefused(Reason.LIMIT, "<a>" + "x".repeat(65_536 - 6) + "</a>");
    }

    @Test
    void countsNoNamespaceDeclarationAsAnAttribute() throws XmlException {
        assertThat(read("<a xmlns='urn:a' xmlns:b='urn:b' x='' y='' z=''/>").attributes())
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE a><a/>",
                "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
                "<!DOCTYPE a [<!ENTITY x SYSTEM 'http://127.0.0.1:1/'>]><a>&x;</a>",
                "<!DOCTYPE a [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]><a>&c;</a>",
                "<a>&x;</a>",
                "<a x='&x;'/>",
                "<a><!-- c --></a>",
                "<!-- c --><a/>",
                "<a/><!-- c -->",
                "<a><?p i?></a>",
                "<?p i?><a/>",
                "<a/><?p i?>"
            })
    void refusesDtdsEntitiesCommentsAndProcessingInstructions(String document) {
        assertThatThrownBy(() -> read(document)).isInstanceOf(XmlException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "hello",
                "<a",
                "<a>",
                "<a x='",
                "<a><b></a>",
                "<a></b>",
                "<a/>x",
                "<a/><b/>",
                "</a>",
                "<a x='1' x='2'/>",
                "<a xmlns:p='urn:p' xmlns:q='urn:p' p:x='1' q:x='2'/>",
                "<p:a/>",
                "<a p:x='1'/>",
                "<a x=1/>",
                "<a x='<'/>",
                "<a>&amp</a>",
                "<a>&</a>",
                "<a:b:c xmlns:a='urn:a'/>",
                "<:a/>",
                "<1a/>",
                "<x:1a xmlns:x='urn:x'/>",
                "<a xmlns:x='urn:x' x:-a='1'/>",
                "<x:\u0301a xmlns:x='urn:x'/>",
                "<a xmlns:p=''/>",
                "<a xmlns:xml='urn:x'/>",
                "<a xmlns:xmlns='urn:x'/>",
                "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
                "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
                "<xml:a/>",
                "<xmlns:a/>",
                "<a xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>",
                "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
                "\uFEFF<a/>",
                "<?xml version='1.0' encoding='UTF-16'?><a/>",
                "<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
                "<?xml version='1.1'?><a/>",
                " <?xml version='1.0'?><a/>"
            })
    void refusesWhatIsNotWellFormed(String document) {
        assertRefused(Reason.MALFORMED, document);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&#0;", "&#x0;", "&#8;", "&#x1F;", "&#xD800;", "&#xDFFF;", "&#xD83D;&#xDE00;", "&#xFFFE;", "&#xFFFF;",
                "&#x110000;", "&#x100000041;", "&#-1;", "&#;", "&#x;", "\u0001", "\u001f", "\uFFFE", "\uFFFF"
            })
    void refusesCharactersOutsideXml(String text) {
        assertRefused(Reason.MALFORMED, "<a>" + text + "</a>");
        assertRefused(Reason.MALFORMED, "<a x='" + text + "'/>");
        assertRefused(Reason.MALFORMED, "<a><![CDATA[" + text.replace("&#", "\u0002") + "]]></a>");
        assertRefused(Reason.MALFORMED, "<a xmlns='" + text + "'/>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C0 80",
                "C1 BF",
                "E0 80 AF",
                "F0 80 80 AF",
                "ED A0 80",
                "ED BF BF",
                "ED A0 BD ED B8 80",
                "F4 90 80 80",
                "F8 88 80 80 80",
                "C3",
                "E2 82",
                "F0 9F 98",
                "80",
                "BF",
                "FE",
                "FF",
                "C3 28",
                "E2 28 A1",
                "EF BF BE"
            })
    void refusesBadUtf8(String hex) {
        assertBytesRefused("<a>", hex, "</a>");
        assertBytesRefused("<a x='", hex, "'/>");
        assertBytesRefused("<a><![CDATA[", hex, "]]></a>");
        assertBytesRefused("<a", hex, "/>");
    }

    @Test
    void refusesUtf8ThatEndsInTheMiddleOfACharacter() {
        assertBytesRefused("<a>", "F0 9F", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE"})
    void refusesOtherEncodings(String encoding) {
        byte[] document = "\uFEFF<a>x</a>".getBytes(java.nio.charset.Charset.forName(encoding));
        assertThatThrownBy(() -> reader.read(document)).isInstanceOf(XmlException.class);
    }

    @Test
    void takesAnXmlDeclaration() throws XmlException {
        assertThat(read("<?xml version='1.0' encoding='utf-8'?>\n<a/>\n").name())
                .isEqualTo("a");
    }

    /** XML 1.0 §2.4 wants it escaped; read as text it harms nobody, since the writer escapes it again. */
    @Test
    void takesTheEndOfACdataSectionAsText() throws XmlException {
        assertThat(read("<a>]]></a>").text()).isEqualTo("]]>");
    }

    @Test
    void spendsNoHeapOnWhatFollowsTheElementThatIsTooDeep() throws XmlException {
        XmlReader large = new XmlReader(new XmlLimits(1 << 20, 32, 64, 1 << 18));
        byte[] nested = "<a>".repeat(200_000).getBytes(StandardCharsets.UTF_8);

        long bytes =
                Allocated.by(() -> assertThatThrownBy(() -> large.read(nested)).hasMessageContaining("depth: 33"));

        assertThat(bytes).isLessThan(1 << 20);
    }

    /** Were the cost the square of their number, which is what it is in the parser, this would take more than ten minutes. */
    @Test
    @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
    void refusesTooManyAttributesAtACostThatGrowsWithTheirNumberAtMost() {
        int bytes = 1 << 24;
        XmlReader large = new XmlReader(new XmlLimits(2 * bytes, 32, 64, 1000));
        StringBuilder document = new StringBuilder("<a");
        for (int i = 0; document.length() < bytes; i++) {
            document.append(" a").append(i).append("=''");
        }
        byte[] attributes = document.append("/>").toString().getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> large.read(attributes)).hasMessageContaining("attributes:");
    }

    @Test
    void saysWhichLimitWasPassed() {
        assertThatThrownBy(() -> read("<a><b><c><d><e/></d></c></b></a>")).hasMessage("depth: 5 (expected: <= 4)");
    }

    @Test
    void isReadBySeveralThreadsAtOnce() {
        boolean same = java.util.stream.IntStream.range(0, 2000).parallel().allMatch(i -> {
            try {
                return read("<a n" + i % 50 + "='" + i + "'>t" + i + "</a>")
                        .text()
                        .equals("t" + i);
            } catch (XmlException e) {
                return false;
            }
        });
        assertThat(same).isTrue();
    }

    private XmlElement read(String document) throws XmlException {
        return reader.read(document.getBytes(StandardCharsets.UTF_8));
    }

    private void assertRefused(Reason reason, String document) {
        XmlException refused = catchThrowableOfType(XmlException.class, () -> read(document));
        assertThat(refused).as(document).isNotNull();
        assertThat(refused.reason()).as(document).isEqualTo(reason);
    }

    private void assertBytesRefused(String before, String hex, String after) {
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        document.writeBytes(before.getBytes(StandardCharsets.UTF_8));
        for (String octet : hex.split(" ", -1)) {
            document.write(Integer.parseInt(octet, 16));
        }
        document.writeBytes(after.getBytes(StandardCharsets.UTF_8));
        XmlException refused = catchThrowableOfType(XmlException.class, () -> reader.read(document.toByteArray()));
        assertThat(refused).as(before + hex + after).isNotNull();
        assertThat(refused.reason()).as(before + hex + after).isEqualTo(Reason.MALFORMED);
    }
}
