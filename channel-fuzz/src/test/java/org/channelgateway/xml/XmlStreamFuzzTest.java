package org.channelgateway.xml;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import org.channelgateway.xml.XmlStreamReader.Event;
import org.junit.jupiter.api.Timeout;

/** The reader of streams. An input is a byte that says how the stream is cut, and the stream. */
@Timeout(120)
class XmlStreamFuzzTest {
    private static final XmlLimits LIMITS = new XmlLimits(10_000, 8, 16, 100);
    private static final JdkXml OTHER = new JdkXml();

    /** What came of a stream. */
    private record Outcome(List<Event> events, boolean refused) {}

    @FuzzTest
    void readsAStreamTheSameWhereverItIsCut(byte[] input) {
        if (input.length < 2) {
            return;
        }
        byte[] stream = Arrays.copyOfRange(input, 1, input.length);
        Outcome whole = read(stream, () -> stream.length);
        assertReadAsOthersDo(stream, whole);
        if (text(stream).contains("]]>")) {
            return; // in text Aalto takes it or not, depending on where it is cut
        }
        Random random = new Random(input[0]);
        int most = 1 + (input[0] & 0x3F);
        assertThat(read(stream, () -> 1)).isEqualTo(whole);
        assertThat(read(stream, () -> 1 + random.nextInt(most))).isEqualTo(whole);
    }

    private static Outcome read(byte[] stream, IntSupplier parts) {
        XmlStreamReader reader = new XmlStreamReader(LIMITS);
        List<Event> events = new ArrayList<>();
        try {
            int part;
            for (int from = 0; from < stream.length; from += part) {
                part = Math.min(parts.getAsInt(), stream.length - from);
                reader.feed(ByteBuffer.wrap(Arrays.copyOfRange(stream, from, from + part)));
                for (Event event = reader.next(); event != null; event = reader.next()) {
                    events.add(event);
                }
            }
            return new Outcome(events, false);
        } catch (XmlException e) {
            assertThat(e.getMessage()).isNotBlank();
            return new Outcome(events, true);
        }
    }

    /** A stream that was read to its end is a document, and others find the same stanzas in it. */
    private static void assertReadAsOthersDo(byte[] stream, Outcome outcome) {
        XmlElement document = outcome.refused ? null : OTHER.read(stream);
        if (document == null || outcome.events.isEmpty()) {
            return;
        }
        List<XmlElement> stanzas = new ArrayList<>();
        for (Event event : outcome.events) {
            if (event instanceof Event.Stanza stanza) {
                stanzas.add(JdkXml.sorted(stanza.element()));
            } else if (event instanceof Event.Opened opened) {
                XmlElement header = JdkXml.sorted(opened.header());
                assertThat(header.attributes()).isEqualTo(document.attributes());
                assertThat(header.is(document.namespace(), document.name())).isTrue();
            }
        }
        assertThat(stanzas).isEqualTo(document.elements());
        assertThat(outcome.events.get(outcome.events.size() - 1)).isEqualTo(new Event.Closed());
    }

    private static String text(byte[] stream) {
        return new String(stream, StandardCharsets.ISO_8859_1);
    }
}
