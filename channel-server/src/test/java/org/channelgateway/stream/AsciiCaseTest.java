package org.channelgateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AsciiCaseTest {
    @Test
    void lowersTheLettersOfAsciiAndNothingElse() {
        assertThat(AsciiCase.lower("@AZaz[`{09-Channel.LocalHost")).isEqualTo("@azaz[`{09-channel.localhost");
        assertThat(AsciiCase.lower("\u212Aelvin \u0130 \u00C4 \u017F")).isEqualTo("\u212Aelvin \u0130 \u00C4 \u017F");
        assertThat(AsciiCase.lower("")).isEmpty();
    }

    @Test
    void tellsLettersApartThatOnlyLookAlike() {
        assertThat(AsciiCase.areSame("LocalHost", "lOCALhOST")).isTrue();
        assertThat(AsciiCase.areSame("localho\u017Ft", "localhost")).isFalse();
        assertThat(AsciiCase.areSame("\u212Aelvin", "kelvin")).isFalse();
        assertThat(AsciiCase.areSame("\u0131d", "id")).isFalse();
    }
}
