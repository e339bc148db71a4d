package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RidTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 1_573_741_820, 9_007_199_254_740_991L})
    void readsDecimalNumbersThatABrowserCanCount(long value) {
        assertThat(Rid.parse(Long.toString(value))).isEqualTo(new Rid(value));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "0",
                "-5",
                "+5",
                " 5",
                "5 ",
                "5.0",
                "1e3",
                "0x10",
                "x",
                "\u0661",
                "9007199254740992",
                "9999999999999999",
                "10000000000000000",
                "99999999999999999999"
            })
    void readsNothingElse(String text) {
        assertThat(Rid.parse(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 9_007_199_254_740_992L, Long.MIN_VALUE, Long.MAX_VALUE})
    void isNeverOutOfRange(long value) {
        assertThatThrownBy(() -> new Rid(value)).hasMessage("rid: " + value + " (expected: 1..9007199254740991)");
    }

    @Test
    void standsBesideASidThatNobodyGuessesOrReadsInALog() {
        SecureRandom random = new SecureRandom();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            Sid sid = Sid.random(random);
            assertThat(sid.value()).matches("[A-Za-z0-9_-]{27}"); // 160 bits
            assertThat(sid).hasToString(sid.value().substring(0, 6) + "…");
            seen.add(sid.value());
        }
        assertThat(seen).hasSize(1000);
    }
}
