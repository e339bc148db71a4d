package org.channelgateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.channelgateway.c2s.C2sConfig;
import org.channelgateway.callback.CallbackConfig;
import org.channelgateway.config.Settings.Login;
import org.channelgateway.http.TrustedProxies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsLoaderTest {
    @TempDir
    Path folder;

    private Settings load(String yaml, Map<String, String> environment, String... more) throws Exception {
        Path file = folder.resolve("channel.yaml");
        Files.writeString(file, yaml);
        String[] args = new String[more.length + 2];
        args[0] = "--config";
        args[1] = file.toString();
        System.arraycopy(more, 0, args, 2, more.length);
        return SettingsLoader.load(CommandLine.parse(args), environment);
    }

    private static Settings.App guestbook(Settings settings) {
        return Objects.requireNonNull(settings.apps().get("guestbook"));
    }

    @Test
    void hasADefaultForEverything() throws ConfigException {
        Settings settings = SettingsLoader.load(CommandLine.parse(), Map.of());
        assertThat(settings.http()).isEqualTo(new Settings.Http("127.0.0.1", 8080));
        assertThat(settings.xmpp().domain()).isEqualTo("localhost");
        assertThat(settings.xmpp().c2s())
                .isEqualTo(new C2sConfig(
                        "127.0.0.1",
                        5222,
                        null,
                        null,
                        256 * 1024,
                        1000,
                        1 << 20,
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5)));
        assertThat(settings.data()).isEqualTo(Path.of("data"));
        assertThat(settings.bosh().waitTime()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.bosh().inactivity()).isEqualTo(Duration.ofSeconds(150));
        assertThat(settings.login()).isEqualTo(Login.OPEN);
        assertThat(settings.apps()).isEmpty();
    }

    @Test
    void readsEverySettingOfAFile() throws Exception {
        Settings settings = load("""
                http: {host: 0.0.0.0, port: 81}
                xmpp:
                  domain: Example.ORG
                  host: 10.0.0.1
                  port: 5223
                  tls: {certificate: chain.pem, key: key.pem}
                  idle: 1m
                data: /var/lib/channel
                bosh: {wait: 30s, hold: 2, inactivity: 2m, login: connect, maxQueuedStanzas: 10}
                apps:
                  guestbook:
                    secret: a-long-secret
                    origins: ["https://Example.org:443", "http://127.0.0.1:9000"]
                """, Map.of());
        assertThat(settings.http()).isEqualTo(new Settings.Http("0.0.0.0", 81));
        assertThat(settings.xmpp().domain()).isEqualTo("example.org");
        assertThat(settings.xmpp().c2s().port()).isEqualTo(5223);
        assertThat(settings.xmpp().c2s().certificate()).isEqualTo(Path.of("chain.pem"));
        assertThat(settings.xmpp().c2s().key()).isEqualTo(Path.of("key.pem"));
        assertThat(settings.xmpp().c2s().idle()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.data()).isEqualTo(Path.of("/var/lib/channel"));
        assertThat(settings.bosh().inactivity()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.login()).isEqualTo(Login.CONNECT);
        assertThat(settings.bosh().maxQueuedStanzas()).isEqualTo(10);
        assertThat(guestbook(settings).secret().value()).isEqualTo("a-long-secret");
        assertThat(guestbook(settings).origins()).containsExactly("https://example.org", "http://127.0.0.1:9000");
    }

    @Test
    void takesTheEnvironmentOverTheFileAndTheCommandLineOverBoth() throws Exception {
        Map<String, String> environment = Map.of(
                "CHANNEL_HTTP_PORT", "82",
                "CHANNEL_BOSH_WAIT", "20s",
                "CHANNEL_APPS_GUESTBOOK_SECRET", "another-secret",
                "CHANNEL_SOMETHING_ELSE", "is not a setting of ours");
        String yaml = "http: {port: 81}\napps: {guestbook: {secret: a-long-secret}}\n";
        Settings settings = load(yaml, environment);
        assertThat(settings.http().port()).isEqualTo(82);
        assertThat(settings.bosh().waitTime()).isEqualTo(Duration.ofSeconds(20));
        assertThat(guestbook(settings).secret().value()).isEqualTo("another-secret");
        assertThat(load(yaml, environment, "--http", "[::1]:83").http()).isEqualTo(new Settings.Http("::1", 83));
    }

    @Test
    void showsNoSecret() throws Exception {
        assertThat(load("apps: {guestbook: {secret: a-long-secret}}", Map.of()).toString())
                .doesNotContain("a-long-secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http: {prot: 81} | http.prot: unknown setting (expected: admin, app, dev, host, metricsSecret, port, trustedProxies)",
                "htpp: {port: 81} | htpp: unknown setting (expected: apps, backend, bosh, callbacks, data, database, ejabberd, http, limits, shutdown, xmpp)",
                "http: {port: 65536} | http.port: 65536 (expected: a whole number, 0..65535)",
                "http: {port: many} | http.port: many (expected: a whole number, 0..65535)",
                "http: {metricsSecret: short} | http.metricsSecret: not one that a header can carry (expected: 8 to 200 visible ASCII characters)",
                "shutdown: {spread: 20s} | shutdown.limit: 15s (expected: more than shutdown.spread, 20s)",
                "http: 81 | http: not a section (expected: name: value)",
                "bosh: {wait: 60} | bosh.wait: 60 (expected: whole seconds from 1s to 300s, e.g. 60s)",
                "bosh: {wait: 1500ms} | bosh.wait: 1500ms (expected: whole seconds from 1s to 300s, e.g. 60s)",
                "bosh: {inactivity: 2h} | bosh.inactivity: 2h (expected: whole seconds from 1s to 3600s, e.g. 150s)",
                "bosh: {hold: 3} | bosh.hold: 3 (expected: a whole number, 1..2)",
                "bosh: {login: nobody} | bosh.login: nobody (expected: open or connect)",
                "xmpp: {tls: {key: key.pem}} | xmpp.tls.certificate: missing (expected: both, or none)",
                "xmpp: {host: 0.0.0.0} | xmpp.host: 0.0.0.0 (expected: 127.0.0.1, or xmpp.tls with a certificate and a key:"
                        + " secrets would travel in the clear)",
                "xmpp: {domain: 'a b'} | xmpp.domain: a b (expected: a domain name)",
                "apps: {Guestbook: {secret: s2345678}} | apps.Guestbook: not a name of an app (expected: a-z, 0-9 and -, at most 40 characters)",
                "apps: {guestbook: {}} | apps.guestbook.secret: missing (expected: 8 to 200 visible ASCII characters)",
                "apps: {guestbook: {secret: short}} | apps.guestbook.secret: not one that a header can carry (expected: 8 to 200 visible ASCII characters)",
                "apps: {guestbook: {secret: s2345678, origins: ['http://a/b']}} | apps.guestbook.origins: http://a/b (expected: http://host[:port] or https://host[:port])",
                "apps: {guestbook: {secret: 1234_5678}} | apps.guestbook.secret: not a text (expected: a text in quotes)",
                "apps: {guestbook: {secret: passwörter}} | apps.guestbook.secret: not one that a header can carry (expected: 8 to 200 visible ASCII characters)",
                "limits: {requestTime: 0s} | limits.requestTime: 0s (expected: whole seconds from 1s to 3600s, e.g. 12s)",
                "limits: {sessionsPerToken: 0} | limits.sessionsPerToken: 0 (expected: a whole number, 1..10000000)",
                "limits: {waitingBytes: 1000} | limits.waitingBytes: 1000 (expected: a whole number, 65536..2147483647)",
                "limits: {exempt: [proxy.example]} | limits.exempt: proxy.example (expected: an IP address)",
                "data: [a] | data: a section or list (expected: one value)",
            })
    void namesTheSettingTheValueAndWhatWasExpected(String yaml, String message) {
        assertThatThrownBy(() -> load(yaml, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    @Test
    void refusesADuplicate() {
        assertThatThrownBy(() -> load("http: {port: 81}\nhttp: {port: 82}\n", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Duplicate")
                .hasMessageContaining("http");
    }

    @Test
    void refusesWhatIsNotYaml() {
        assertThatThrownBy(() -> load("http: {port", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("channel.yaml")
                .hasMessageEndingWith("(expected: YAML)");
    }

    @Test
    void refusesAFileThatCannotBeRead() throws IOException {
        Path missing = folder.resolve("missing.yaml");
        assertThatThrownBy(() -> SettingsLoader.load(CommandLine.parse("--config", missing.toString()), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--config: " + missing + " (expected: a file that can be read, in UTF-8)");
    }

    @ParameterizedTest
    @CsvSource({"--htp,127.0.0.1:1", "--http,8080", "--http,localhost:65536", "--http,:80", "--xmpp,host:port"})
    void refusesABadOption(String name, String value) {
        assertThatThrownBy(() -> CommandLine.parse(name, value))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(name + ":")
                .hasMessageContaining("(expected: ");
    }

    @Test
    void refusesAnOptionWithoutItsValue() {
        assertThatThrownBy(() -> CommandLine.parse("--data"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("--data: no value");
    }

    @Test
    void letsThisMachineAnybodyOrNobodySpeakAsToADevelopmentServer() throws Exception {
        assertThat(load("http: {}", Map.of()).http().dev()).isEqualTo(Settings.Dev.THIS_MACHINE);
        assertThat(load("http: {dev: true}", Map.of()).http().dev()).isEqualTo(Settings.Dev.ANYBODY);
        assertThat(load("http: {dev: false}", Map.of()).http().dev()).isEqualTo(Settings.Dev.NOBODY);
        assertThatThrownBy(() -> load("http: {dev: yes please}", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("http.dev: yes please (expected: true or false");
    }

    @Test
    void readsWhereAndHowAnApplicationIsCalledBack() throws Exception {
        Settings settings = load("""
                callbacks: {grace: 2s, timeout: 5s, attempts: 3, atOnce: 4, kept: 1m, messagesPerSecond: 7}
                limits: {callbacksPerApp: 9}
                apps:
                  guestbook: {secret: change-me, callback: 'http://127.0.0.1:9000', presence: false}
                """, Map.of());
        assertThat(guestbook(settings).callback()).hasToString("http://127.0.0.1:9000");
        assertThat(guestbook(settings).presence()).isFalse();
        assertThat(settings.limits().callbacksPerApp()).isEqualTo(9);
        assertThat(settings.callbacks())
                .isEqualTo(new CallbackConfig(
                        Duration.ofSeconds(2), Duration.ofSeconds(5), 3, 4, Duration.ofMinutes(1), 7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://host",
                "127.0.0.1:9000",
                "http:///nowhere",
                "http://user:pass@host",
                "http://host/?q",
                "http://host/#f",
                "http://a b"
            })
    void refusesACallbackThatIsNoPlainAddress(String callback) {
        assertThatThrownBy(() -> load("apps: {guestbook: {secret: change-me, callback: '" + callback + "'}}", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("apps.guestbook.callback: not an address (expected: http://HOST:PORT")
                .message()
                .doesNotContain("pass@");
    }

    @Test
    void refusesAFlagThatIsNeitherTrueNorFalse() {
        assertThatThrownBy(() -> load("apps: {guestbook: {secret: change-me, presence: yes please}}", Map.of()))
                .hasMessage("apps.guestbook.presence: yes please (expected: true or false)");
    }

    @Test
    void partsAdminFromBrowsersWithAnApplication() throws Exception {
        Settings.Http http =
                load("", Map.of(), "--app", "HTTP://Localhost:9000/").http();
        assertThat(http.app()).hasToString("http://localhost:9000");
        assertThat(http.admin()).isEqualTo(new CommandLine.Address("127.0.0.1", 8081));
        http = load("http: {app: 'http://127.0.0.1:1', admin: '[::1]:0'}", Map.of())
                .http();
        assertThat(http.app()).hasToString("http://127.0.0.1:1");
        assertThat(http.admin()).isEqualTo(new CommandLine.Address("::1", 0));
        http = load("http: {app: 'http://a'}", Map.of("CHANNEL_HTTP_APP", "https://[::1]:9"))
                .http();
        assertThat(http.app()).hasToString("https://[::1]:9");
        http = load("", Map.of()).http();
        assertThat(http.app()).isNull();
        assertThat(http.admin()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://x",
                "127.0.0.1:9000",
                "http://",
                "http:/x",
                "http://a/path",
                "http://a?b",
                "http://a#b",
                "http://user@a",
                "http://a:0",
                "http://a:65536",
                "http://a b",
                ""
            })
    void refusesWhatIsNoAddressOfAnApplication(String app) {
        String expected =
                app + " (expected: an http or https URL of a host, without a path, as in http://127.0.0.1:9000)";
        assertThatThrownBy(() -> load("", Map.of(), "--app", app)).hasMessage("--app: " + expected);
        assertThatThrownBy(() -> load("", Map.of("CHANNEL_HTTP_APP", app))).hasMessage("http.app: " + expected);
    }

    @Test
    void refusesAnAddressOfAdminWithoutAPort() {
        assertThatThrownBy(() -> load("http: {admin: localhost}", Map.of()))
                .hasMessage("http.admin: localhost (expected: HOST:PORT, port 0..65535)");
    }

    @Test
    void readsWhichProxiesAreTrusted() throws Exception {
        assertThat(load("http: {trustedProxies: [127.0.0.1, 10.0.0.0/8, \"2001:db8::/32\", \"::1\"]}", Map.of())
                        .http()
                        .trustedProxies())
                .isEqualTo(TrustedProxies.of(List.of("127.0.0.1/32", "10.0.0.0/8", "2001:db8:0::/32", "::1/128")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "/8"})
    void refusesAProxyThatIsNoAddressAndNoNetwork(String proxy) {
        assertThatThrownBy(() -> load("http: {trustedProxies: [\"" + proxy + "\"]}", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "http.trustedProxies: " + proxy + " (expected: an IP address, or a network as in 10.0.0.0/8)");
    }
}
