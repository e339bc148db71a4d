package org.channelgateway.xml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EncodedStanzaTest {
    private static final EncodedStanza.Framing QUOTED = stanza -> framed(stanza, "'");
    private static final EncodedStanza.Framing BRACKETED = stanza -> framed(stanza, "|");

    private final EncodedStanza stanza = new EncodedStanza("<a>é\uD83D\uDE00</a>");

    @Test
    void countsBytesOfUtf8() {
        assertThat(stanza.length()).isEqualTo(13);
        assertThat(stanza.bytes()).asString(StandardCharsets.UTF_8).isEqualTo("<a>é\uD83D\uDE00</a>");
    }

    @Test
    void framesOnceForAllWhoUseTheSameFraming() {
        assertThat(stanza.framed(QUOTED)).asString(StandardCharsets.UTF_8).isEqualTo("'<a>é\uD83D\uDE00</a>'");
        assertThat(stanza.framed(QUOTED)).isSameAs(stanza.framed(QUOTED));
    }

    @Test
    void keepsFramingsApart() {
        stanza.framed(QUOTED);
        assertThat(stanza.framed(BRACKETED)).asString(StandardCharsets.UTF_8).startsWith("|<a>");
        assertThat(stanza.framed(QUOTED)).asString(StandardCharsets.UTF_8).startsWith("'<a>");
    }

    @Test
    void framesForManyThreadsAtOnce() {
        boolean whole = IntStream.range(0, 10_000).parallel().allMatch(i -> {
            byte[] framed = stanza.framed(i % 2 == 0 ? QUOTED : BRACKETED);
            return framed.length == 15 && framed[0] == (i % 2 == 0 ? '\'' : '|');
        });
        assertThat(whole).isTrue();
    }

    private static byte[] framed(byte[] stanza, String mark) {
        return (mark + new String(stanza, StandardCharsets.UTF_8) + mark).getBytes(StandardCharsets.UTF_8);
    }
}
