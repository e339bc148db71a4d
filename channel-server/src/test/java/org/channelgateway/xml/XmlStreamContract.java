package org.channelgateway.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.channelgateway.xml.XmlException.Reason;
import org.channelgateway.xml.XmlStreamReader.Event;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/** Reads the streams of tests, with small limits. */
@Timeout(20)
abstract class XmlStreamContract {
    static final String HEADER = "<?xml version='1.0'?><stream:stream to='localhost' version='1.0'"
            + " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
    static final String STANZAS = "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq> \r\n\t"
            + "<message><body>a &gt; b > é\uD83D\uDE00 &amp; <![CDATA[<x>]]></body><stream:x a='>\uD83D\uDE00é'/></message>";

    final XmlStreamReader reader = new XmlStreamReader(new XmlLimits(65_536, 4, 3, 6));

    void drain(byte[] bytes, int from, int to, List<Event> events) throws XmlException {
        drain(new XmlStreamReader(new XmlLimits(65_536, 4, 3, 6)), Arrays.copyOfRange(bytes, from, to), events);
    }

    static void drain(XmlStreamReader from, byte[] bytes, List<Event> events) throws XmlException {
        from.feed(ByteBuffer.wrap(bytes));
        for (Event event = from.next(); event != null; event = from.next()) {
            events.add(event);
        }
    }

    List<Event> readAll(String text) throws XmlException {
        List<Event> events = new ArrayList<>();
        drain(reader, utf8(text), events);
        return events;
    }

    void assertRefused(@Nullable Reason reason, String text) {
        XmlException refused = catchThrowableOfType(XmlException.class, () -> readAll(text));
        assertThat(refused).as(text).isNotNull();
        if (reason != null) {
            assertThat(refused.reason()).as(text).isEqualTo(reason);
        }
    }

    static XmlElement stanza(@Nullable Event event) {
        return ((Event.Stanza) Objects.requireNonNull(event)).element();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
