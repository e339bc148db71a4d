package org.channelgateway.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.channelgateway.registry.ChannelKey;
import org.junit.jupiter.api.Test;

final class PublicationTest {
    private static final ChannelKey KEY = ChannelKey.of("user-42");

    @Test
    void takesTheLongestMessageInBytesOfUtf8() {
        assertThat(new Publication(KEY, "x".repeat(32_767)).text()).hasSize(32_767);
        assertThat(new Publication(KEY, "é".repeat(16_383)).text()).hasSize(16_383);
        assertThat(new Publication(KEY, "😀".repeat(8_191)).text()).hasSize(16_382);
    }

    @Test
    void refusesOneByteMore() {
        assertThatThrownBy(() -> new Publication(KEY, "x".repeat(32_768)))
                .isInstanceOf(RefusedException.class)
                .hasMessage("message: 32768 bytes (expected: 1..32767)");
        assertThatThrownBy(() -> new Publication(KEY, "é".repeat(16_384)))
                .hasMessage("message: 32768 bytes (expected: 1..32767)");
    }

    @Test
    void refusesAnEmptyMessage() {
        assertThatThrownBy(() -> new Publication(KEY, ""))
                .isInstanceOf(RefusedException.class)
                .hasMessage("message: 0 bytes (expected: 1..32767)");
    }

    @Test
    void refusesWhatWouldEndEverySubscribersStream() {
        for (String poison : new String[] {"\0", "a\u001Fb", "\uFFFE", "\uFFFF", "\uD800", "\uDC00x", "x\uD83D"}) {
            assertThatThrownBy(() -> new Publication(KEY, poison))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageStartingWith("message: U+")
                    .hasMessageEndingWith("(expected: characters that XML 1.0 allows)");
        }
    }

    @Test
    void hasTheFingerprintOfItsKeyAndText() {
        long fingerprint = fingerprint(new Publication(KEY, "a"));
        assertThat(fingerprint(new Publication(KEY, "a"))).isEqualTo(fingerprint);
        assertThat(fingerprint(new Publication(KEY, "b"))).isNotEqualTo(fingerprint);
        assertThat(fingerprint(new Publication(ChannelKey.of("user-4"), "2a"))).isNotEqualTo(fingerprint);
        assertThat(fingerprint(new Publication(KEY, "a"), new Publication(KEY, "a")))
                .isNotEqualTo(fingerprint);
    }

    private static long fingerprint(Publication... publications) {
        return Publication.fingerprint(List.of(publications));
    }
}
