package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class ChecksTest {
    private static void refuses(ThrowingCallable check, String message) {
        assertThatIllegalArgumentException().isThrownBy(check).withMessage(message);
    }

    @Test
    void countsTheBytesOfUtf8() {
        assertThat(Text.utf8Length("aé漢😀")).isEqualTo(1 + 2 + 3 + 4);
    }

    @Test
    void takesKeysUpToTheLastByte() {
        for (String key : new String[] {"k", "k".repeat(256), "é".repeat(128), "😀".repeat(64), " \t\r\n<&'"}) {
            assertThat(Checks.key(key)).isEqualTo(key);
        }
    }

    @Test
    void refusesKeysThatAreEmptyTooLongOrNoXml() {
        String expected = " (expected: 1..256 bytes in UTF-8)";
        refuses(() -> Checks.key(""), "key: ''" + expected);
        refuses(() -> Checks.key("k".repeat(257)), "key: '" + "k".repeat(32) + "…'" + expected);
        refuses(() -> Checks.key("é".repeat(128) + "k"), "key: '" + "\\u00e9".repeat(32) + "…'" + expected);
        String xml = " (expected: characters that XML 1.0 allows)";
        refuses(() -> Checks.key("a\u0000"), "key: 'a\\u0000'" + xml);
        refuses(() -> Checks.key("\ud83d"), "key: '\\ud83d'" + xml);
        refuses(() -> Checks.key("\ude00\ud83d"), "key: '\\ude00\\ud83d'" + xml);
        refuses(() -> Checks.key("\uffff"), "key: '\\uffff'" + xml);
    }

    @Test
    void takesMessagesUpToTheLastByte() {
        for (String message : new String[] {"m", "m".repeat(32_767), "😀".repeat(8191) + "abc", "\r", "\ufffd\ue000"}) {
            assertThat(Checks.message(message)).isEqualTo(message);
        }
    }

    @Test
    void refusesMessagesThatAreEmptyTooLongOrNoXmlWithoutShowingThem() {
        refuses(() -> Checks.message(""), "message: 0 bytes (expected: 1..32767)");
        refuses(() -> Checks.message("m".repeat(32_768)), "message: 32768 bytes (expected: 1..32767)");
        refuses(() -> Checks.message("😀".repeat(8192)), "message: 32768 bytes (expected: 1..32767)");
        String expected = " (expected: characters that XML 1.0 allows)";
        refuses(() -> Checks.message("ab\u001f"), "message: U+001F at index 2" + expected);
        refuses(() -> Checks.message("😀\ud83dx"), "message: U+D83D at index 2" + expected);
        refuses(() -> Checks.message("\ufffe"), "message: U+FFFE at index 0" + expected);
    }

    @Test
    void takesWholeMinutesOfADayOnly() {
        assertThat(Checks.minutes(Duration.ofMinutes(1))).isEqualTo(1);
        assertThat(Checks.minutes(Duration.ofDays(1))).isEqualTo(1440);
        String expected = " (expected: whole minutes, 1..1440)";
        refuses(() -> Checks.minutes(Duration.ZERO), "duration: PT0S" + expected);
        refuses(() -> Checks.minutes(Duration.ofSeconds(90)), "duration: PT1M30S" + expected);
        refuses(() -> Checks.minutes(Duration.ofMinutes(1441)), "duration: PT24H1M" + expected);
        refuses(() -> Checks.minutes(Duration.ofMinutes(-1)), "duration: PT-1M" + expected);
    }

    @Test
    void takesIdsOfOneToOneHundredTwentyEightCharacters() {
        assertThat(Checks.id("é".repeat(128))).isEqualTo("é".repeat(128));
        refuses(() -> Checks.id(""), "id: 0 characters (expected: 1..128)");
        refuses(() -> Checks.id("i".repeat(129)), "id: 129 characters (expected: 1..128)");
        refuses(() -> Checks.id("\u0001"), "id: '\\u0001' (expected: characters that XML 1.0 allows)");
    }

    @Test
    void refusesTokensThatAreNoneWithoutShowingThem() {
        assertThat(Checks.token("ct_0-A")).isEqualTo("ct_0-A");
        refuses(() -> Checks.token(""), "token: 0 characters (expected: what create returned)");
        refuses(() -> Checks.token("ct_ü"), "token: 4 characters (expected: what create returned)");
        refuses(() -> Checks.token("t".repeat(129)), "token: 129 characters (expected: what create returned)");
    }

    @Test
    @SuppressWarnings("NullAway")
    void namesWhatIsNull() {
        assertThatNullPointerException().isThrownBy(() -> Checks.key(null)).withMessage("key");
        assertThatNullPointerException().isThrownBy(() -> Checks.message(null)).withMessage("message");
    }
}
