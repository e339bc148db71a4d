package org.channelgateway.ejabberd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CarriageReturnsTest {
    private static String escaped(String text) {
        byte[] bytes = (text + "rest").getBytes(UTF_8);
        return new String(CarriageReturns.escaped(bytes, bytes.length - 4), UTF_8);
    }

    @Test
    void escapesEachAndLeavesTheRest() {
        assertThat(escaped("a\rb\r\n\r")).isEqualTo("a&#13;b&#13;\n&#13;");
        assertThat(escaped("<body>é\n</body>")).isEqualTo("<body>é\n</body>");
        assertThat(escaped("")).isEmpty();
    }

    @Test
    void copiesNothingWithoutNeed() {
        byte[] bytes = {'a', '\n'};
        assertThat(CarriageReturns.escaped(bytes, 2)).isSameAs(bytes);
    }
}
