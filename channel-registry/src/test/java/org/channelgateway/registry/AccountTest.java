package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccountTest {
    private static Account app(String localpart) {
        return new Account(localpart, AccountKind.APP, SecretHash.of("s"), Instant.EPOCH);
    }

    @Test
    void takesALocalpartOfItsKind() {
        assertThat(app("app-a.b_c-1").localpart()).isEqualTo("app-a.b_c-1");
        assertThat(app("app-" + "x".repeat(124)).localpart()).hasSize(128);
    }

    @ParameterizedTest
    @ValueSource(strings = {"usr-a", "a", "app-", "app-A", "app-a@b", "app-é", "app-a/b", ""})
    void refusesAnyOther(String localpart) {
        assertThatThrownBy(() -> app(localpart))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("localpart: ")
                .hasMessageContaining("(expected: ");
    }

    @Test
    void refusesALocalpartThatIsTooLong() {
        assertThatThrownBy(() -> app("app-" + "x".repeat(125)))
                .hasMessage("localpart: 129 characters (expected: app-…, at most 128 characters)");
    }

    @Test
    void tellsTheKindByThePrefix() {
        assertThat(AccountKind.of("app-usr-x")).contains(AccountKind.APP);
        assertThat(AccountKind.of("usr-ch-x")).contains(AccountKind.USER);
        assertThat(AccountKind.of("ch-app-x")).contains(AccountKind.CHANNEL);
        assertThat(AccountKind.of("x")).isEmpty();
    }

    @Test
    void hidesItsSecret() {
        assertThat(app("app-a").toString()).contains("SecretHash[…]");
    }
}
