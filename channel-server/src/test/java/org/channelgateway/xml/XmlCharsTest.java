package org.channelgateway.xml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XmlCharsTest {
    @Test
    void agreesWithXmlOnEveryCodePoint() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            boolean legal = c == 0x9
                    || c == 0xA
                    || c == 0xD
                    || (c >= 0x20 && c <= 0xD7FF)
                    || (c >= 0xE000 && c <= 0xFFFD)
                    || c >= 0x10000;
            int found = XmlChars.firstIllegal("a" + Character.toString(c) + "b");
            if (found != (legal ? -1 : 1)) {
                assertThat(found).as("U+%04X", c).isEqualTo(legal ? -1 : 1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"D83D, 0", "DE00, 0", "DE00 D83D, 0", "D83D D83D DE00, 0", "D83D DE00 DE00, 2", "0041 D83D, 1"})
    void findsSurrogatesWithoutTheirOtherHalf(String units, int at) {
        StringBuilder text = new StringBuilder();
        for (String unit : units.split(" ", -1)) {
            text.append((char) Integer.parseInt(unit, 16));
        }
        assertThat(XmlChars.firstIllegal(text.toString())).isEqualTo(at);
    }

    @Test
    void findsNothingInNothing() {
        assertThat(XmlChars.firstIllegal("")).isEqualTo(-1);
    }

    @Test
    void findsTheFirstOfSeveral() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            int before = random.nextInt(50);
            String text = "x".repeat(before) + '\u0000' + "y".repeat(random.nextInt(50)) + '\uFFFF';
            assertThat(XmlChars.firstIllegal(text)).isEqualTo(before);
        }
    }
}
