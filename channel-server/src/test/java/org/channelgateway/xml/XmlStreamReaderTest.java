package org.channelgateway.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.channelgateway.xml.XmlException.Reason;
import org.channelgateway.xml.XmlStreamReader.Event;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class XmlStreamReaderTest {
    private static final String HEADER = "<?xml version='1.0'?><stream:stream to='localhost' version='1.0'"
            + " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
    private static final String STANZAS = "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq> \r\n\t"
            + "<message><body>a &gt; b > é\uD83D\uDE00 &amp; <![CDATA[<x>]]></body><stream:x a='>\uD83D\uDE00é'/></message>";

    private final XmlStreamReader reader = new XmlStreamReader(new XmlLimits(65_536, 4, 3, 6));

    @Test
    void readsTheHeaderThenStanzasThenTheEnd() throws XmlException {
        List<Event> events = readAll(HEADER + STANZAS + "</stream:stream>");
        assertThat(events).hasSize(4);
        Event.Opened opened = (Event.Opened) events.get(0);
        assertThat(opened.header().is("http://etherx.jabber.org/streams", "stream"))
                .isTrue();
        assertThat(opened.header().attribute("to")).isEqualTo("localhost");
        assertThat(opened.contentNamespace()).isEqualTo("jabber:client");
        XmlElement iq = stanza(events.get(1));
        assertThat(iq.is("jabber:client", "iq")).isTrue();
        assertThat(iq.elements().get(0).is("urn:xmpp:ping", "ping")).isTrue();
        XmlElement message = stanza(events.get(2));
        assertThat(message.elements().get(0).text()).isEqualTo("a > b > é\uD83D\uDE00 & <x>");
        assertThat(message.elements().get(1).namespace()).isEqualTo("http://etherx.jabber.org/streams");
        assertThat(events.get(3)).isEqualTo(new Event.Closed());
    }

    @Test
    void readsTheSameWhereverTheBytesAreCut() throws XmlException {
        byte[] whole = utf8(HEADER + STANZAS + "</stream:stream>");
        List<Event> expected = new ArrayList<>();
        drain(whole, 0, whole.length, expected);
        for (int cut = 1; cut < whole.length; cut++) {
            XmlStreamReader other = new XmlStreamReader(new XmlLimits(65_536, 4, 3, 6));
            List<Event> events = new ArrayList<>();
            drain(other, Arrays.copyOfRange(whole, 0, cut), events);
            drain(other, Arrays.copyOfRange(whole, cut, whole.length), events);
            assertThat(events).as("cut at %s", cut).isEqualTo(expected);
        }
    }

    @Test
    void readsBytesThatComeOneByOne() throws XmlException {
        byte[] whole = utf8(HEADER + STANZAS + "</stream:stream>");
        List<Event> expected = new ArrayList<>();
        drain(new XmlStreamReader(new XmlLimits(65_536, 4, 3, 6)), whole, expected);
        List<Event> events = new ArrayList<>();
        for (byte octet : whole) {
            drain(reader, new byte[] {octet}, events);
        }
        assertThat(events).isEqualTo(expected);
    }

    @Test
    void readsFromTheMiddleOfABuffer() throws XmlException {
        byte[] whole = utf8("garbage" + HEADER + "<a/>garbage");
        ByteBuffer buffer = ByteBuffer.wrap(whole, 7, whole.length - 14);
        reader.feed(buffer);
        assertThat(reader.next()).isInstanceOf(Event.Opened.class);
        assertThat(stanza(reader.next()).name()).isEqualTo("a");
        assertThat(reader.next()).isNull();
        assertThat(buffer.hasRemaining()).isFalse();
    }

    @Test
    void takesNoMoreBytesBeforeThoseFedAreRead() {
        reader.feed(ByteBuffer.wrap(utf8(HEADER)));
        assertThatThrownBy(() -> reader.feed(ByteBuffer.wrap(utf8("x")))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void knowsThePrefixesOfTheHeaderForEver() throws XmlException {
        readAll(HEADER);
        for (int i = 0; i < 3; i++) {
            assertThat(stanza(readAll("<stream:error/>").get(0)).namespace())
                    .isEqualTo("http://etherx.jabber.org/streams");
        }
    }

    @Test
    void takesAHeaderWithoutADeclarationOrADefaultNamespace() throws XmlException {
        Event.Opened opened =
                (Event.Opened) readAll(" \n<s:stream xmlns:s='urn:s'>").get(0);
        assertThat(opened.contentNamespace()).isEmpty();
        assertThat(stanza(readAll("<a/>").get(0)).namespace()).isEmpty();
    }

    // a new stream after the old one

    @Test
    void restartsExactlyAfterAStanza() throws XmlException {
        reader.feed(ByteBuffer.wrap(utf8(HEADER + "<auth/>" + HEADER + "<iq/><iq/>")));
        assertThat(reader.next()).isInstanceOf(Event.Opened.class);
        assertThat(stanza(reader.next()).name()).isEqualTo("auth");
        reader.restart();
        assertThat(reader.next()).isInstanceOf(Event.Opened.class);
        assertThat(stanza(reader.next()).name()).isEqualTo("iq");
        assertThat(stanza(reader.next()).name()).isEqualTo("iq");
        assertThat(reader.next()).isNull();
    }

    @Test
    void restartsAlsoBehindWhiteSpace() throws XmlException {
        reader.feed(ByteBuffer.wrap(utf8(HEADER + "<auth/>\n" + HEADER)));
        reader.next();
        reader.next();
        reader.restart();
        assertThat(reader.next()).isInstanceOf(Event.Opened.class);
    }

    @Test
    void judgesNoByteBehindAStanzaBeforeItIsAskedTo() throws XmlException {
        byte[] clear = utf8(HEADER + "<starttls/>?????");
        Arrays.fill(clear, clear.length - 5, clear.length, (byte) 0xFF);
        reader.feed(ByteBuffer.wrap(clear));
        reader.next();
        assertThat(stanza(reader.next()).name()).isEqualTo("starttls");
        reader.discard();
        reader.restart();
        assertThat(readAll(HEADER + "<a/>")).hasSize(2);
    }

    @Test
    void forgetsThePrefixesOfTheOldStream() throws XmlException {
        readAll(HEADER + "<auth/>");
        reader.restart();
        readAll("<x:stream xmlns:x='urn:x'>");
        assertRefused(Reason.MALFORMED, "<stream:error/>");
    }

    @Test
    void readsNothingAfterTheEnd() throws XmlException {
        assertThat(readAll(HEADER + "</stream:stream><a/>&&&")).hasSize(2);
        assertThat(readAll("<a/>")).isEmpty();
    }

    // limits

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

    // what is not XML, or not allowed

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE a><a>",
                "<!-- c --><a>",
                "<?p i?><a>",
            })
    void refusesRestrictedXmlBeforeTheHeader(String text) {
        assertRefused(Reason.RESTRICTED, text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<!-- c -->", "<?p i?>", "&x;", "<a>&x;</a>", "<a><!-- c --></a>", "<a><?p i?></a>"})
    void refusesRestrictedXmlOnTheStream(String text) throws XmlException {
        readAll(HEADER);
        assertRefused(Reason.RESTRICTED, text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n>",
                "x>",
                "</a>",
                "<a b='1' b='2'>",
                "<x:a>",
                "<a/>",
                "<?xml version='1.1'?><a>",
                "<?xml version='1.0' encoding='UTF-16'?><a>",
                "<?xml version='1.0'?><?xml version='1.0'?><a>",
                "\uFEFF<a>",
                "\u0000>"
            })
    void refusesHeadersThatAreNone(String text) {
        assertRefused(null, text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text<a/>",
                "&amp;<a/>",
                "&#32;<a/>",
                "<![CDATA[ ]]><a/>",
                "<a></b>",
                "<a></bb>",
                "<abcd></abce>",
                "</stream>",
                "</a>",
                "<a b='<'/>",
                "<a>&#0;</a>",
                "<a>\uFFFE</a>",
                "<a b='&#xD800;'/>",
                "<!DOCTYPE a><a/>",
                "<x:a/>",
                "<?xml version='1.0'?><a/>"
            })
    void refusesWhatIsNotAStanza(String text) throws XmlException {
        readAll(HEADER);
        assertRefused(null, text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", HEADER})
    void refusesSpaceWithinACharacterThatWasCut(String before) throws XmlException {
        readAll(before);
        drain(reader, new byte[] {(byte) 0xF1}, new ArrayList<>());
        assertThatThrownBy(() -> drain(reader, utf8("\n"), new ArrayList<>()))
                .isInstanceOf(XmlException.class)
                .hasMessage("not valid UTF-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C0 80",
                "C1 BF",
                "E0 80 AF",
                "F0 80 80 AF",
                "ED A0 80",
                "ED A0 BD ED B8 80",
                "F4 90 80 80",
                "F8 88 80 80 80",
                "C3",
                "E2 82",
                "F0 9F 98",
                "80",
                "FE",
                "FF",
                "C3 28",
                "E2 28 A1",
                "EF BF BE"
            })
    void refusesBadUtf8WhereverItIsCut(String hex) {
        String[] octets = hex.split(" ", -1);
        byte[] bad = new byte[octets.length];
        for (int i = 0; i < bad.length; i++) {
            bad[i] = (byte) Integer.parseInt(octets[i], 16);
        }
        for (int cut = 0; cut <= bad.length; cut++) {
            XmlStreamReader other = new XmlStreamReader(new XmlLimits(65_536, 4, 3, 6));
            int at = cut;
            XmlException refused = catchThrowableOfType(XmlException.class, () -> {
                drain(other, utf8(HEADER + "<a/><a>x"), new ArrayList<>());
                drain(other, Arrays.copyOfRange(bad, 0, at), new ArrayList<>());
                drain(other, Arrays.copyOfRange(bad, at, bad.length), new ArrayList<>());
                drain(other, utf8("</a>"), new ArrayList<>());
            });
            assertThat(refused).as("%s cut at %s", hex, cut).isNotNull();
            assertThat(refused.reason()).isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void handsOverStanzasThatCameBeforeWhatIsRefused() throws XmlException {
        reader.feed(ByteBuffer.wrap(utf8(HEADER + "<a/><b/>\u0000")));
        reader.next();
        assertThat(stanza(reader.next()).name()).isEqualTo("a");
        assertThat(stanza(reader.next()).name()).isEqualTo("b");
        assertThatThrownBy(reader::next).isInstanceOf(XmlException.class);
    }

    // what it costs

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

    @Test
    void refusesDeepNestingCheaply() throws XmlException {
        XmlStreamReader large = new XmlStreamReader(new XmlLimits(1 << 20, 32, 64, 1000));
        drain(large, utf8(HEADER), new ArrayList<>());
        byte[] nested = utf8("<a>".repeat(200_000));
        assertThatThrownBy(() -> drain(large, nested, new ArrayList<>())).hasMessageContaining("depth: 33");
    }

    @Test
    void readsHostileInputInTimeThatGrowsWithItsLength() throws XmlException {
        for (String body : List.of(">", "<b c='>'/>", "<![CDATA[>]]>", "<b></b>", "&gt;", "\r", "]", "é")) {
            XmlStreamReader large = new XmlStreamReader(new XmlLimits(1 << 21, 32, 64, 1 << 20));
            drain(large, utf8(HEADER), new ArrayList<>());
            String stanza = "<a>" + body.repeat((1 << 20) / utf8(body).length) + "</a>";
            List<Event> events = new ArrayList<>();
            long before = System.nanoTime();
            drain(large, utf8(stanza), events);
            assertThat(events).hasSize(1);
            assertThat(System.nanoTime() - before).as(body).isLessThan(5_000_000_000L);
        }
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

    private void drain(byte[] bytes, int from, int to, List<Event> events) throws XmlException {
        drain(new XmlStreamReader(new XmlLimits(65_536, 4, 3, 6)), Arrays.copyOfRange(bytes, from, to), events);
    }

    private static void drain(XmlStreamReader from, byte[] bytes, List<Event> events) throws XmlException {
        from.feed(ByteBuffer.wrap(bytes));
        for (Event event = from.next(); event != null; event = from.next()) {
            events.add(event);
        }
    }

    private List<Event> readAll(String text) throws XmlException {
        List<Event> events = new ArrayList<>();
        drain(reader, utf8(text), events);
        return events;
    }

    private void assertRefused(@Nullable Reason reason, String text) {
        XmlException refused = catchThrowableOfType(XmlException.class, () -> readAll(text));
        assertThat(refused).as(text).isNotNull();
        if (reason != null) {
            assertThat(refused.reason()).as(text).isEqualTo(reason);
        }
    }

    private static XmlElement stanza(@Nullable Event event) {
        return ((Event.Stanza) Objects.requireNonNull(event)).element();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
