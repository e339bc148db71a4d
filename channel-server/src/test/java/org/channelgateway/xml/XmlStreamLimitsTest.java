package org.channelgateway.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.channelgateway.xml.XmlException.Reason;
import org.channelgateway.xml.XmlStreamReader.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much a stream may be, and that little is spent on what is too much. */
final class XmlStreamLimitsTest extends XmlStreamContract {
    @Test
    void countsBytesOfEachStanzaByItself() throws XmlException {
        readAll(HEADER);
        for (int i = 0; i < 10; i++) {
            assertThat(readAll(" <a>" + "x".repeat(65_536 - 7) + "</a> ")).hasSize(1);
        }
        assertRefused(Reason.LIMIT, "<a>" + "x".repeat(65_536 - 6) + "</a>");
    }

    @Test
    void refusesAStanzaWithoutAnEndAsSoonAsItIsTooLong() throws XmlException {
        readAll(HEADER + "<a>");
        byte[] part = utf8("x".repeat(1000));
        int fed = 3;
        while (fed + 1000 < 65_536) {
            drain(reader, part, new ArrayList<>());
            fed += 1000;
        }
        assertThatThrownBy(() -> drain(reader, part, new ArrayList<>()))
                .isInstanceOf(XmlException.class)
                .hasMessage("bytes: 65537 (expected: <= 65536)");
    }

    @Test
    void takesLongerStanzasWhenTheLimitsChange() throws XmlException {
        readAll(HEADER);
        reader.limits(new XmlLimits(100_000, 4, 3, 6));
        assertThat(readAll("<a>" + "x".repeat(90_000) + "</a>")).hasSize(1);
    }

    @Test
    void countsTheAttributesOfAllElementsTogether() throws XmlException {
        readAll(HEADER);
        assertThat(readAll("<a x='' y='' z=''><b x='' y='' z=''/><b x='' y='' z=''/><b x='' y='' z=''/></a>"))
                .hasSize(1);
        reader.limits(new XmlLimits(65_536, 4, 13, 6));
        assertThatThrownBy(() -> readAll("<a a='' b='' c='' d='' e='' f='' g='' h='' i='' j='' k='' l='' m=''/>"))
                .hasMessage("attributes in all: 13 (expected: <= 12)");
    }

    @Test
    void saysHowMuchHeapAStanzaTakesUntilItHasEnded() throws XmlException {
        readAll(HEADER);
        assertThat(reader.begunBytes()).isZero();
        readAll("<a><b x='1'/>");
        int begun = reader.begunBytes();
        assertThat(begun).isGreaterThan(20_000);
        readAll("<b x='1'/>text");
        assertThat(reader.begunBytes()).isGreaterThan(begun + 200);
        readAll("</a>");
        assertThat(reader.begunBytes()).isZero();
    }

    @Test
    void takesWhatIsExactlyAtALimit() throws XmlException {
        readAll(HEADER);
        assertThat(readAll("<a><b><c><d/></c></b></a>")).hasSize(1);
        assertThat(readAll("<a x='' y='' z=''/>")).hasSize(1);
        assertThat(readAll("<a><b/><b/><b/><b/><b/></a><a><b/><b/><b/><b/><b/></a>"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<a><b><c><d><e/></d></c></b></a>", "<a x='' y='' z='' q=''/>", "<a><b/><b/><b/><b/><b/><b/></a>"
            })
    void refusesOneMoreThanALimit(String stanza) throws XmlException {
        readAll(HEADER);
        assertRefused(Reason.LIMIT, stanza);
    }

    @Test
    void refusesALongHeader() {
        assertRefused(Reason.LIMIT, "<stream x='" + "y".repeat(XmlStreamReader.MAX_HEADER_BYTES) + "'>");
    }

    @Test
    void takesWhiteSpaceBetweenStanzasUpToALimit() throws XmlException {
        readAll(HEADER);
        byte[] space = utf8(" \n".repeat(1 << 18));
        for (int i = 0; i < 5; i++) {
            drain(reader, space, new ArrayList<>());
            drain(reader, space, new ArrayList<>());
            assertThat(readAll("<a/>")).hasSize(1);
        }
        drain(reader, space, new ArrayList<>());
        drain(reader, space, new ArrayList<>());
        assertRefused(Reason.LIMIT, " ");
    }

    @Test
    void leavesParsersWithManyNamesBehind() throws XmlException {
        AtomicInteger factories = new AtomicInteger();
        XmlStreamReader busy = new XmlStreamReader(new XmlLimits(65_536, 4, 3, 6), new Parsers(() -> {
            factories.incrementAndGet();
            return new InputFactoryImpl();
        }));
        drain(busy, utf8(HEADER), new ArrayList<>());
        StringBuilder stanzas = new StringBuilder();
        int names = 0;
        while (stanzas.length() < 10 * XmlStreamReader.MAX_PARSER_BYTES) {
            names++;
            stanzas.append("<name").append(names).append("/>");
        }
        List<Event> events = new ArrayList<>();
        drain(busy, utf8(stanzas.toString()), events);
        assertThat(events).hasSize(names);
        assertThat(factories.get()).isGreaterThanOrEqualTo(9);
    }

    private static List<Event> read(XmlLimits limits, String stanzas) throws XmlException {
        XmlStreamReader large = new XmlStreamReader(limits);
        List<Event> events = new ArrayList<>();
        drain(large, utf8(HEADER), new ArrayList<>());
        drain(large, utf8(stanzas), events);
        return events;
    }

    @Test
    void refusesDeepNestingAtTheFirstElementThatIsTooDeep() throws XmlException {
        XmlStreamReader large = new XmlStreamReader(new XmlLimits(1 << 20, 32, 64, 1 << 18));
        drain(large, utf8(HEADER + "<a>".repeat(32)), new ArrayList<>());

        assertThatThrownBy(() -> drain(large, utf8("<a>"), new ArrayList<>())).hasMessageContaining("depth: 33");
    }

    @Test
    void spendsNoHeapOnWhatFollowsTheElementThatIsTooDeep() throws XmlException {
        XmlLimits limits = new XmlLimits(1 << 20, 32, 64, 1 << 18);
        byte[] nested = utf8(HEADER + "<a>".repeat(200_000));

        long bytes = Allocated.by(
                () -> assertThatThrownBy(() -> drain(new XmlStreamReader(limits), nested, new ArrayList<>()))
                        .hasMessageContaining("depth: 33"));

        assertThat(bytes).isLessThan(1 << 20);
    }

    /** Were the cost the square of the length, one of these would take more than ten minutes. */
    @ParameterizedTest
    @ValueSource(strings = {">", "<b c='>'/>", "<![CDATA[>]]>", "<b></b>", "&gt;", "\r", "]", "é"})
    @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
    void readsHostileInputAtACostThatGrowsWithItsLength(String body) throws XmlException {
        int bytes = 1 << 22;
        String stanza = "<a>" + body.repeat(bytes / utf8(body).length) + "</a>";

        assertThat(read(new XmlLimits(2 * bytes, 32, 64, bytes), stanza)).hasSize(1);
    }

    @Test
    void refusesATagWithTooManyAttributesBeforeItIsParsed() throws XmlException {
        for (String name : List.of("a", "xmlns:a")) {
            XmlStreamReader large = new XmlStreamReader(new XmlLimits(1 << 18, 32, 64, 1000));
            drain(large, utf8(HEADER), new ArrayList<>());
            StringBuilder tag = new StringBuilder("<a");
            for (int i = 0; tag.length() < 1 << 17; i++) {
                tag.append(' ').append(name).append(i).append("='u'");
            }
            assertThatThrownBy(() -> drain(large, utf8(tag.toString()), new ArrayList<>()))
                    .hasMessage("attributes: 129 (expected: <= 128)");
        }
    }

    @Test
    void takesATagInManyParts() {
        assertThatCode(() -> {
                    readAll(HEADER + "<a b='");
                    for (int i = 0; i < 60_000; i++) {
                        drain(reader, utf8("x"), new ArrayList<>());
                    }
                    assertThat(stanza(readAll("'/>").get(0)).attribute("b")).hasSize(60_000);
                })
                .doesNotThrowAnyException();
    }
}
