package org.channelgateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.channelgateway.config.AccountsCommandLine;
import org.channelgateway.config.CommandLine;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Settings;
import org.channelgateway.config.SettingsLoader;
import org.channelgateway.fixture.PostgresServer;
import org.channelgateway.registry.AccountKind;
import org.channelgateway.registry.CallbackLimits;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.DatabaseConfig;
import org.channelgateway.registry.LeaseLimits;
import org.channelgateway.registry.PresenceId;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateways that share a database while their settings change one after the other. */
final class SharedAppsIT {
    private static final String NEW = "app-new";

    @TempDir
    Path folder;

    private String url;
    private Registry registry;

    /** What a gateway with newer settings has made: an application, a session and a callback of it. */
    @BeforeEach
    void addAnApplication() {
        url = PostgresServer.shared().newDatabase();
        DatabaseConfig database = new DatabaseConfig(url, PostgresServer.USER, PostgresServer.PASSWORD, 4, false);
        registry =
                Registry.openForSweeping(new RegistryConfig(folder, database, LeaseLimits.NONE, CallbackLimits.NONE));
        registry.accounts().put(NEW, AccountKind.APP, "secret-of-the-new-one", Instant.EPOCH);
        registry.presences().arrive(new PresenceId("a".repeat(26)), "new", ChannelKey.of("k"));
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private String database() {
        return "database: {url: '%s', user: %s, password: %s}%n"
                .formatted(url, PostgresServer.USER, PostgresServer.PASSWORD);
    }

    private Settings settings(String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve("gc.yaml"), yaml + database());
        return SettingsLoader.load(CommandLine.parse("--config", file.toString()), Map.of());
    }

    @Test
    void aGatewayWithOlderSettingsTakesNothingThatNewerOnesMade() throws Exception {
        try (RunningGateway older = RunningGateway.start(folder, database())) {
            assertThat(older.send("GET", "/readyz", "").statusCode()).isEqualTo(200);
        }

        assertThat(registry.accounts().localparts(AccountKind.APP)).containsExactly("app-chess", "app-guestbook", NEW);
        assertThat(registry.presences().count()).isEqualTo(1);
        assertThat(registry.callbacks().list("new", null, 0, 10)).hasSize(1);
    }

    @Test
    void aCommandForgetsTheApplicationsThatTheSettingsDoNotName() throws Exception {
        registry.accounts().put("app-old", AccountKind.APP, "secret-of-the-old-one", Instant.EPOCH);

        assertThat(GcApps.forgetOthers(settings("apps: {old: {secret: secret-of-the-old-one}}\n"), registry))
                .isEqualTo("forgot 1 applications [new]; 2 sessions and callbacks of such");

        assertThat(registry.accounts().localparts(AccountKind.APP)).containsExactly("app-old");
        assertThat(registry.callbacks().list("new", null, 0, 10)).isEmpty();
        assertThat(registry.presences().count()).isZero();
    }

    @Test
    void aCommandGivesApplicationsTheirAccountsWithTheSecretsOfItsSettings() throws Exception {
        registry.accounts().put("app-old", AccountKind.APP, "secret-before", Instant.EPOCH);
        String apps = "apps: {old: {secret: secret-of-the-old-one}, more: {secret: secret-of-one-more}}\n";

        assertThat(AccountsMain.provide(settings(apps))).isEqualTo("accounts for the applications [more, old]");

        assertThat(registry.accounts().localparts(AccountKind.APP)).containsExactly("app-more", NEW, "app-old");
        assertThat(secretMatches("app-old", "secret-of-the-old-one")).isTrue();
        assertThat(secretMatches("app-more", "secret-of-one-more")).isTrue();
        assertThat(secretMatches(NEW, "secret-of-the-new-one")).isTrue();
    }

    private boolean secretMatches(String localpart, String secret) {
        return registry.accounts().find(localpart).orElseThrow().secret().matches(secret);
    }

    @Test
    void theCommandForAccountsRefusesSettingsThatNameNoneOrNoDatabase() throws Exception {
        Settings none = settings("");
        assertThatThrownBy(() -> AccountsMain.provide(none))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("apps: none");
        Path file = Files.writeString(folder.resolve("alone.yaml"), "apps: {old: {secret: secret-of-the-old-one}}\n");
        Settings alone = SettingsLoader.load(CommandLine.parse("--config", file.toString()), Map.of());
        assertThatThrownBy(() -> AccountsMain.provide(alone))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("database: missing");
        assertThatThrownBy(() -> AccountsCommandLine.parse("--data", "x"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("--data x: unknown options");
    }

    @Test
    void theCommandRefusesSettingsThatNameNone() throws Exception {
        Settings none = settings("");

        assertThatThrownBy(() -> GcApps.forgetOthers(none, registry)).isInstanceOf(ConfigException.class);
        assertThat(registry.accounts().localparts(AccountKind.APP)).containsExactly(NEW);
    }
}
