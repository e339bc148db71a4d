package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoshConfigTest {
    @ParameterizedTest
    @CsvSource({
        "PT1S, 1, PT1S, 1024, 1, 1024",
        "PT300S, 2, PT1H, 1048576, 100000, 67108864",
    })
    void takesTheBounds(Duration waitTime, int hold, Duration inactivity, int body, int stanzas, int bytes) {
        BoshConfig config = new BoshConfig(waitTime, hold, inactivity, body, stanzas, bytes);
        assertThat(BoshTerms.of(config)).isEqualTo(new BoshTerms(waitTime, hold, inactivity, false));
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 1, PT150S, 65536, 100, 65536, wait: PT0S (expected: whole seconds from 1s to 300s)",
        "PT301S, 1, PT150S, 65536, 100, 65536, wait: PT5M1S (expected: whole seconds from 1s to 300s)",
        "PT1.5S, 1, PT150S, 65536, 100, 65536, wait: PT1.5S (expected: whole seconds from 1s to 300s)",
        "PT60S, 0, PT150S, 65536, 100, 65536, hold: 0 (expected: 1..2)",
        "PT60S, 3, PT150S, 65536, 100, 65536, hold: 3 (expected: 1..2)",
        "PT60S, 1, PT0S, 65536, 100, 65536, inactivity: PT0S (expected: whole seconds from 1s to 3600s)",
        "PT60S, 1, PT150S, 1023, 100, 65536, maxBodyBytes: 1023 (expected: 1024..1048576)",
        "PT60S, 1, PT150S, 65536, 0, 65536, maxQueuedStanzas: 0 (expected: 1..100000)",
        "PT60S, 1, PT150S, 65536, 100, 1023, maxQueuedBytes: 1023 (expected: 1024..67108864)",
    })
    void refusesWhatIsBeyondThem(
            Duration waitTime, int hold, Duration inactivity, int body, int stanzas, int bytes, String message) {
        assertThatThrownBy(() -> new BoshConfig(waitTime, hold, inactivity, body, stanzas, bytes))
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"10, 1, 10, 1, 2", "60, 2, 60, 2, 3", "1000000, 1000, 60, 2, 3", "0, 1, 0, 0, 1", "30, 0, 0, 0, 1"})
    void grantsTheSmallerOfWhatIsAskedAndAllowed(int asked, int askedHold, int seconds, int hold, int requests) {
        BoshTerms terms = BoshTerms.of(FakeBrowser.config(2), FakeBrowser.asking(asked, askedHold, false));
        assertThat(terms.waitTime()).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(terms.hold()).isEqualTo(hold);
        assertThat(terms.requests()).isEqualTo(requests);
    }

    @Test
    void saysToABrowserThatDoesNotAskWhatTheSettingsSay() {
        BoshTerms terms = BoshTerms.of(FakeBrowser.config(1));
        assertThat(terms).isEqualTo(new BoshTerms(Duration.ofSeconds(60), 1, Duration.ofSeconds(150), false));
    }
}
