package org.channelgateway.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SaslPlainTest {
    private static SaslPlain read(String said) throws SaslPlain.Failure {
        byte[] bytes = said.replace('|', '\0').getBytes(StandardCharsets.UTF_8);
        return SaslPlain.read(Base64.getEncoder().encodeToString(bytes), "localhost");
    }

    @Test
    void takesAnAccountAndItsSecret() throws SaslPlain.Failure {
        assertThat(read("|CH-me|sécret")).isEqualTo(new SaslPlain("ch-me", "sécret"));
    }

    @Test
    void takesNoOtherLetterForOneOfAscii() throws SaslPlain.Failure {
        assertThat(read("|app-\u212A|secret").localpart()).isEqualTo("app-\u212A");
    }

    @Test
    void takesTheOwnAddressAsTheAuthorizationIdentity() throws SaslPlain.Failure {
        assertThat(read("Ch-me@LOCALHOST|ch-me|secret").localpart()).isEqualTo("ch-me");
    }

    @ParameterizedTest
    @CsvSource({
        "ch-you@localhost|ch-me|secret, invalid-authzid",
        "ch-me@other|ch-me|secret, invalid-authzid",
        "ch-me|ch-me|secret, invalid-authzid",
        "ch-me@localho\u017Ft|ch-me|secret, invalid-authzid",
        "ch-me|secret, malformed-request",
        "|ch-me|sec|ret, malformed-request",
        "||secret, malformed-request",
        "|ch-me|, malformed-request",
    })
    void refusesOthers(String said, String condition) {
        assertThatThrownBy(() -> read(said))
                .isInstanceOf(SaslPlain.Failure.class)
                .hasMessage(condition);
    }

    @Test
    void refusesWhatIsNotBase64OrNotUtf8() {
        assertThatThrownBy(() -> SaslPlain.read("*", "localhost")).hasMessage("incorrect-encoding");
        assertThatThrownBy(() -> SaslPlain.read("/w==", "localhost")).hasMessage("incorrect-encoding");
    }

    @Test
    void showsNoSecret() throws SaslPlain.Failure {
        assertThat(read("|ch-me|secret").toString()).isEqualTo("SaslPlain[ch-me]");
    }
}
