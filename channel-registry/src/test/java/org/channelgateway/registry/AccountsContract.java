package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Accounts and secrets, whatever database keeps them. */
abstract class AccountsContract extends RegistryContract {
    private Account account(AccountKind kind, String name, String secret) {
        return new Account(kind.localpart(name), kind, SecretHash.of(secret), clock.instant());
    }

    @Test
    void keepsAnAppAndAUserOfTheSameNameApart() {
        Account app = account(AccountKind.APP, "alice", "of the app");
        Account user = account(AccountKind.USER, "alice", "of the user");
        registry.accounts().put(app);
        registry.accounts().put(user);

        registry.accounts().remove("usr-alice");

        assertThat(registry.accounts().find("app-alice")).contains(app);
        assertThat(registry.accounts().find("usr-alice")).isEmpty();
        assertThat(registry.accounts().find("alice")).isEmpty();
    }

    @Test
    void takesNothingFromAChannelByAnAppOfItsName() {
        IssuedLease issued = create("k");
        String channel = issued.lease().account();
        registry.accounts().put(account(AccountKind.APP, channel, "s"));

        registry.accounts().remove(AccountKind.APP.localpart(channel));

        assertThat(leases.authenticate(channel, issued.token())).contains(issued.lease());
    }

    @Test
    void listsTheAppsAndTheUsersInOrder() {
        registry.accounts().put(account(AccountKind.APP, "b", "s"));
        registry.accounts().put(account(AccountKind.APP, "a", "s"));
        registry.accounts().put(account(AccountKind.USER, "c", "s"));

        assertThat(registry.accounts().localparts(AccountKind.APP)).containsExactly("app-a", "app-b");
        assertThat(registry.accounts().localparts(AccountKind.USER)).containsExactly("usr-c");
        assertThatThrownBy(() -> registry.accounts().localparts(AccountKind.CHANNEL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("kind: CHANNEL (expected: APP or USER)");
    }

    @Test
    void replacesTheSecretAndKeepsTheDayOfCreation() {
        Account first = account(AccountKind.APP, "a", "one");
        registry.accounts().put(first);
        clock.advance(Duration.ofDays(1));
        registry.accounts().put(account(AccountKind.APP, "a", "two"));

        reopen();

        Account found = registry.accounts().find("app-a").orElseThrow();
        assertThat(found.secret().matches("two")).isTrue();
        assertThat(found.secret().matches("one")).isFalse();
        assertThat(found.created()).isEqualTo(first.created());
    }

    @Test
    void makesAChannelAccountWithALeaseOnly() {
        assertThatThrownBy(() -> registry.accounts().put(account(AccountKind.CHANNEL, "x", "s")))
                .hasMessage("kind: CHANNEL (expected: APP or USER)");
    }

    @Test
    void leavesTheAccountsOfChannelsToTheirLeases() {
        IssuedLease issued = create("k");

        registry.accounts().remove(issued.lease().account());
        registry.accounts().remove("nobody");

        assertThat(registry.accounts().find(issued.lease().account())).isEmpty();
        assertThat(leases.find(issued.token())).contains(issued.lease());
    }

    @Test
    void putsOneAccountFromManyThreads() throws Exception {
        Together.run(8, () -> {
            registry.accounts().put(account(AccountKind.APP, "a", "s"));
            return 0;
        });

        assertThat(rows("accounts")).isEqualTo(1);
    }

    @Test
    void givesAllWhoAskAtOnceTheSameSecret() throws Exception {
        try (Registry other = open(clock)) {
            List<String> seen = Together.run(
                    8,
                    () -> HexFormat.of()
                            .formatHex((Objects.hashCode(Thread.currentThread().getName()) % 2 == 0 ? registry : other)
                                    .secrets()
                                    .get("mac")));

            assertThat(seen).hasSize(8).containsOnly(seen.get(0));
            assertThat(seen.get(0)).hasSize(64);
        }
    }

    @Test
    void keepsASecretAndTellsItFromOthers() {
        byte[] mac = registry.secrets().get("mac");

        reopen();

        assertThat(registry.secrets().get("mac")).isEqualTo(mac);
        assertThat(registry.secrets().get("other")).isNotEqualTo(mac);
    }
}
