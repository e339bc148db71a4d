package org.channelgateway.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkupTest {
    private final Markup markup = new Markup(new XmlLimits(1000, 4, 2, 10));

    /** A bar stands where a tag ends. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "<a>|x</a>|<b/>|",
                "x > y <a b='>' c=\">'>\">| > </a >|",
                "<?xml version='1.0'?>|<a>|",
                "<a>|<![CDATA[<b> ]> ]]>x<c/>|",
                "<a>|<![CDATA[]]]]><![CDATA[>]]></a>|",
                "<é>|é > é</é>|",
            })
    void findsWhereTagsEnd(String marked) throws XmlException {
        StringBuilder found = new StringBuilder();
        for (byte octet : marked.replace("|", "").getBytes(StandardCharsets.UTF_8)) {
            found.append((char) (octet & 0xFF));
            if (markup.accept(octet) && markup.isAfterTag()) {
                found.append('|');
            }
        }
        assertThat(found.toString().getBytes(StandardCharsets.ISO_8859_1))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(marked);
    }

    @ParameterizedTest
    @CsvSource({"<!-- x -->", "<!DOCTYPE a>"})
    void stopsAtTheEndOfWhatIsRefused(String text) throws XmlException {
        boolean stops = false;
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            assertThat(stops).isFalse();
            stops = markup.accept(octet);
        }
        assertThat(stops).isTrue();
        assertThat(markup.isAfterTag()).isFalse();
    }

    @Test
    void countsTheAttributesOfEachTagByItself() throws XmlException {
        for (byte octet :
                "<a b='' c='' xmlns='' d='===='>===== <b c='' d='' e='' f=''/><c".getBytes(StandardCharsets.UTF_8)) {
            markup.accept(octet);
        }
        assertThatThrownBy(() -> {
                    for (byte octet : " a='' b='' c='' d='' e".getBytes(StandardCharsets.UTF_8)) {
                        markup.accept(octet);
                    }
                    markup.accept((byte) '=');
                })
                .isInstanceOf(XmlException.class)
                .hasMessage("attributes: 5 (expected: <= 4)");
    }
}
