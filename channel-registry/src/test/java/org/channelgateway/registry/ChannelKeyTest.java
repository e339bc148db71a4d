package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChannelKeyTest {
    @ParameterizedTest
    @ValueSource(strings = {"\0", "a\u001Fb", "\uFFFE", "\uFFFF", "\uD83D", "\uDE00x", "\b"})
    void refusesWhatXmlCannotCarry(String text) {
        assertThatThrownBy(() -> ChannelKey.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("key: '[ -~]*' \\(expected: characters that XML 1\\.0 allows\\)");
    }

    @Test
    void refusesAnEmptyText() {
        assertThatThrownBy(() -> ChannelKey.of("")).hasMessage("key: '' (expected: 1..256 bytes in UTF-8)");
    }

    @Test
    void countsBytesNotCharacters() {
        assertThat(ChannelKey.of("😀".repeat(64)).length()).isEqualTo(256);
        assertThatThrownBy(() -> ChannelKey.of("😀".repeat(64) + "x"))
                .hasMessage("key: '" + "\\ud83d\\ude00".repeat(16) + "…' (expected: at most 256 bytes in UTF-8)");
    }

    @Test
    void keepsItsBytesFromTheCaller() {
        ChannelKey key = ChannelKey.of("abc");

        key.bytes()[0] = 'x';

        assertThat(key.text()).isEqualTo("abc");
        assertThat(key).isEqualTo(ChannelKey.of("abc")).hasSameHashCodeAs(ChannelKey.of("abc"));
    }

    @Test
    void ordersByUnsignedBytes() {
        assertThat(ChannelKey.of("z")).isLessThan(ChannelKey.of("é"));
        assertThat(ChannelKey.of("\uFFFD")).isLessThan(ChannelKey.of("😀")); // UTF-16 would say otherwise
        assertThat(ChannelKey.of("a")).isLessThan(ChannelKey.of("a\t"));
    }
}
