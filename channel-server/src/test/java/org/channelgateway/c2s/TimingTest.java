package org.channelgateway.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.channelgateway.c2s.Timing.Due;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlElement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimingTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 7 * SECOND;

    private final Timing timing = new Timing(
            new C2sConfig("localhost", 0, null, null, 1024, 1, 1024, Duration.ofSeconds(30), Duration.ofSeconds(100)),
            START);

    @Test
    void givesAClientSoLongToLogInWhateverItSends() {
        timing.heard(START + 29 * SECOND);
        assertThat(timing.due(START + 30 * SECOND - 1)).isEqualTo(Due.NOTHING);
        assertThat(timing.due(START + 30 * SECOND)).isEqualTo(Due.LOGIN_OVER);
    }

    @Test
    void asksOnceForEachSilence() {
        timing.loggedIn();
        assertThat(timing.due(START + 50 * SECOND - 1)).isEqualTo(Due.NOTHING);
        assertThat(timing.due(START + 50 * SECOND)).isEqualTo(Due.PING);
        timing.ping();
        assertThat(timing.due(START + 60 * SECOND)).isEqualTo(Due.NOTHING);
        timing.heard(START + 60 * SECOND); // any byte
        assertThat(timing.due(START + 109 * SECOND)).isEqualTo(Due.NOTHING);
        assertThat(timing.due(START + 110 * SECOND)).isEqualTo(Due.PING);
        timing.ping();
        assertThat(timing.due(START + 160 * SECOND - 1)).isEqualTo(Due.NOTHING);
        assertThat(timing.due(START + 160 * SECOND)).isEqualTo(Due.SILENT);
    }

    @Test
    void givesAClientAMomentToReadTheEnd() {
        timing.ended(START + SECOND);
        assertThat(timing.due(START + 3 * SECOND - 1)).isEqualTo(Due.NOTHING);
        assertThat(timing.due(START + 3 * SECOND)).isEqualTo(Due.CLOSE);
    }

    @ParameterizedTest
    @CsvSource({
        "iq, result, ping-1, true",
        "iq, error, ping-1, true",
        "iq, get, ping-1, false",
        "iq, result, ping-2, false",
        "message, error, ping-1, false"
    })
    void knowsTheAnswerToAPing(String name, String type, String id, boolean is) {
        assertThat(timing.ping()).isEqualTo("ping-1");
        XmlElement stanza = new XmlElement(
                "jabber:client",
                name,
                List.of(new XmlAttribute("", "type", type), new XmlAttribute("", "id", id)),
                List.of());
        assertThat(timing.isAnswer(stanza)).isEqualTo(is);
        assertThat(timing.isAnswer(stanza)).isFalse();
    }
}
