package org.channelgateway.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.channelgateway.xml.XmlException.Reason;
import org.channelgateway.xml.XmlStreamReader.Event;
import org.junit.jupiter.api.Test;

/** What a stream says, wherever its bytes are cut, and how it begins again. */
final class XmlStreamReaderTest extends XmlStreamContract {
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
}
