package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenTest {
    private static final Instant EXPIRY = Instant.parse("2099-12-31T23:59:59Z"); // above 2^31 seconds

    private final Token token = Token.issue(new SecureRandom(), EXPIRY);

    @Test
    void carriesItsExpiryAndIsAsLongAsPromised() {
        assertThat(token.value()).hasSize(51).matches("ct_[A-Za-z0-9_-]{48}");
        assertThat(token.expiry()).isEqualTo(EXPIRY);
        assertThat(Token.parse(token.value())).contains(token);
    }

    @Test
    void isNeverTheSameTwice() {
        assertThat(Token.issue(new SecureRandom(), EXPIRY)).isNotEqualTo(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ct_", "%s ", " %s", "%sA", "CT_%s", "%s\n", "xx%s"})
    void parsesNothingOfAnotherShape(String text) {
        assertThat(Token.parse(String.format(text, token.value()))).isEmpty();
    }

    @Test
    void hidesItsValue() {
        assertThat(token.toString()).doesNotContain(token.value().substring(3));
        assertThat(new IssuedLease(token, lease()).toString())
                .doesNotContain(token.value().substring(3));
        assertThatThrownBy(() -> new Token(token.value() + "A"))
                .hasMessage("token: 52 characters (expected: ct_ and 48 of [A-Za-z0-9_-])");
    }

    @Test
    void refusesAnExpiryThatItCannotCarry() {
        assertThatThrownBy(() -> Token.issue(new SecureRandom(), Instant.parse("2107-01-01T00:00:00Z")))
                .hasMessage("expires: 2107-01-01T00:00:00Z (expected: from 1970 to February 2106)");
    }

    private static Lease lease() {
        return new Lease("ch-x", "app", ChannelKey.of("k"), EXPIRY.minusSeconds(1), EXPIRY);
    }
}
