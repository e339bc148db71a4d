package org.channelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PercentDecoderTest {
    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "key, key",
        "a+b, a+b",
        "a%20b, a b",
        "%2F%2f%25, //%",
        "caf%C3%A9, café",
        "café%21, café!",
        "%F0%9F%98%80, 😀",
        "😀%21, 😀!",
        "%2525, %25",
    })
    void readsUtf8(String raw, String text) {
        assertThat(PercentDecoder.decode("key", raw)).isEqualTo(text);
    }

    @Test
    void readsAnyCharacterForOthersToJudge() {
        assertThat(PercentDecoder.decode("key", "a%00%0Db")).isEqualTo("a\0\rb");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "a%", "%4", "a%4", "%zz", "%4g", "%-1", "%+1", "% 1", "%%41"})
    void refusesASignWithoutTwoDigits(String raw) {
        assertRefused(raw, "key: bad percent-encoding (expected: %XX, UTF-8)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%E9", "%C0%AF", "%ED%A0%80", "%F4%90%80%80", "%C3", "%80", "a%FFb"})
    void refusesBytesThatAreNotUtf8(String raw) {
        assertRefused(raw, "key: not valid UTF-8 (expected: UTF-8)");
    }

    @Test
    void refusesWhatStandsForAByteThatIsNotUtf8UnlessItIsEncoded() {
        assertRefused("a\uFFFDb", "key: not valid UTF-8 (expected: UTF-8)");
        assertThat(PercentDecoder.decode("key", "a%EF%BF%BDb")).isEqualTo("a\uFFFDb");
    }

    private static void assertRefused(String raw, String detail) {
        assertThatThrownBy(() -> PercentDecoder.decode("key", raw))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem()).isEqualTo(new Problem(400, detail)));
    }
}
