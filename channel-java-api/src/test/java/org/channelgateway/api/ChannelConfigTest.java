package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChannelConfigTest {
    private static final String SECRET = "hush-hush";
    private static final String SHAPE = " (expected: xmpp://APP@HOST:PORT?domain=DOMAIN&tls=required)";

    private static GatewayUrl url(String text) {
        return ChannelConfig.builder(text, SECRET).build().url();
    }

    private static void refuses(String url, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelConfig.builder(url, SECRET))
                .withMessage(message)
                .withNoCause();
    }

    @Test
    void isLikeAnotherOneWhenAllOfItIs() {
        String url = "xmpp://demo@localhost";
        ChannelConfig config = ChannelConfig.builder(url, SECRET).build();

        assertThat(config)
                .isEqualTo(ChannelConfig.builder(url + ":5222", SECRET).build());
        assertThat(config).hasSameHashCodeAs(ChannelConfig.builder(url, SECRET).build());
        assertThat(config).isNotEqualTo(ChannelConfig.builder(url, "another").build());
        assertThat(config)
                .isNotEqualTo(
                        ChannelConfig.builder("xmpp://other@localhost", SECRET).build());
        assertThat(config)
                .isNotEqualTo(ChannelConfig.builder(url, SECRET)
                        .timeout(Duration.ofSeconds(1))
                        .build());
    }

    @Test
    void readsEverythingOfAUrl() {
        assertThat(url("xmpp://guestbook@gateway.example:5333?domain=example.org&tls=required"))
                .isEqualTo(new GatewayUrl("guestbook", "gateway.example", 5333, "example.org", true));
    }

    @Test
    void fillsInTheDefaultsOfAGatewayElsewhere() {
        assertThat(url("xmpp://guestbook@Gateway.Example"))
                .isEqualTo(new GatewayUrl("guestbook", "gateway.example", 5222, "gateway.example", true));
    }

    @ParameterizedTest
    @CsvSource({
        "xmpp://demo@localhost, localhost",
        "xmpp://demo@127.0.0.1, 127.0.0.1",
        "xmpp://demo@127.1.2.3:/, 127.1.2.3",
        "xmpp://demo@[::1], ::1"
    })
    void fillsInTheDefaultsOfALoopbackHost(String url, String host) {
        assertThat(url(url)).isEqualTo(new GatewayUrl("demo", host, 5222, "localhost", false));
    }

    @Test
    void takesTlsOnLoopback() {
        assertThat(url("xmpp://demo@localhost?tls=required").tls()).isTrue();
        assertThat(url("xmpp://demo@localhost?tls=disabled").tls()).isFalse();
    }

    @Test
    void lowersTheDomainAndDecodesIt() {
        assertThat(url("xmpp://demo@localhost?domain=Example%2eorg").domain()).isEqualTo("example.org");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gateway.example",
                "http://guestbook@gateway.example",
                "xmpp://gateway.example",
                "xmpp://guestbook@",
                "xmpp://guestbook@gateway.example/path",
                "xmpp://guestbook@gateway.example#fragment",
                "xmpp://guest book@gateway.example",
                "xmpp://guestbook@gate_way:port"
            })
    void refusesWhatIsNoUrlOfAGateway(String url) {
        refuses(url, "url: " + url + SHAPE);
    }

    @Test
    void refusesAndNamesWrongParts() {
        refuses(
                "xmpp://Guestbook@localhost",
                "url: Guestbook (expected: before the @ the name of an app: a-z, 0-9 and -, at most 40; no password)");
        refuses("xmpp://demo@localhost:0", "url: port 0 (expected: 1..65535)");
        refuses("xmpp://demo@localhost:65536", "url: port 65536 (expected: 1..65535)");
        refuses("xmpp://demo@localhost?tls=maybe", "url: tls='maybe' (expected: tls=required or tls=disabled)");
        refuses(
                "xmpp://demo@gateway.example?tls=disabled",
                "url: tls=disabled for gateway.example (expected: tls=required, unless the host is loopback)");
        refuses("xmpp://demo@localhost?domain=a@b", "url: domain='a@b' (expected: domain=, and a domain name)");
        refuses("xmpp://demo@localhost?domain=", "url: domain='' (expected: domain=, and a domain name)");
        refuses("xmpp://demo@localhost?tsl=required", "url: parameter 'tsl' (expected: of domain and tls)");
        refuses("xmpp://demo@localhost?tls=required&tls=required", "url: parameter tls twice (expected: once)");
        refuses("xmpp://demo@localhost?tls=required&", "url: parameter '' (expected: of domain and tls)");
    }

    @Test
    void showsNoPasswordOfAUrl() {
        refuses(
                "xmpp://guestbook:hush@gateway.example",
                "url: xmpp://guestbook:…@gateway.example (expected: before the @ the name of an app: a-z, 0-9 and -,"
                        + " at most 40; no password)");
        refuses("xmpp://guestbook:hush hush@gateway.example", "url: xmpp://guestbook:…@gateway.example" + SHAPE);
        refuses("xmpp:guestbook:hush@gateway.example", "url: xmpp:…@gateway.example" + SHAPE);
        refuses("http://guestbook@gateway.example?secret=hush", "url: http://guestbook@gateway.example?…" + SHAPE);
        refuses(
                "xmpp://guestbook@gateway.example?secret=hush",
                "url: parameter 'secret' (expected: of domain and tls)");
    }

    @Test
    void refusesSecretsWithoutShowingThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelConfig.builder("xmpp://demo@localhost", ""))
                .withMessage("secret: 0 characters (expected: 1..1024)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelConfig.builder("xmpp://demo@localhost", "hush hush"))
                .withMessage("secret: … (expected: visible ASCII characters)");
    }

    @Test
    void neverShowsTheSecret() {
        ChannelConfig config =
                ChannelConfig.builder("xmpp://demo@localhost", SECRET).build();

        assertThat(config).hasToString("ChannelConfig[xmpp://demo@localhost:5222?domain=localhost&tls=disabled]");
        assertThat(config.secret()).hasToString("…");
        assertThat(config.secret().value()).isEqualTo(SECRET);
    }

    @Test
    void readsTheVariables() {
        Map<String, String> variables = Map.of("CHANNEL_URL", "xmpp://demo@[::1]:1", "CHANNEL_SECRET", SECRET);

        ChannelConfig config = ChannelConfig.from(variables::get).build();

        assertThat(config).hasToString("ChannelConfig[xmpp://demo@[::1]:1?domain=localhost&tls=disabled]");
        assertThat(config.secret().value()).isEqualTo(SECRET);
    }

    @Test
    void namesTheVariableThatIsMissingOrWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelConfig.from(name -> null))
                .withMessage("CHANNEL_URL: missing (expected: xmpp://APP@HOST:PORT)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelConfig.from(name -> "xmpp://demo@localhost?x=hush"))
                .withMessage("CHANNEL_URL: parameter 'x' (expected: of domain and tls)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelConfig.from(Map.of("CHANNEL_URL", "xmpp://demo@localhost")::get))
                .withMessage("CHANNEL_SECRET: missing (expected: the secret of the app)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelConfig.from(
                        Map.of("CHANNEL_URL", "xmpp://demo@localhost", "CHANNEL_SECRET", "a\nb")::get))
                .withMessage("CHANNEL_SECRET: … (expected: visible ASCII characters)");
    }

    @Test
    void prefersASystemPropertyAndKeepsTheEnvironmentForTheRest() {
        System.setProperty("CHANNEL_URL", "xmpp://property@localhost");
        System.setProperty("CHANNEL_SECRET", SECRET);
        try {
            assertThat(ChannelConfig.fromEnvironment().url().app()).isEqualTo("property");
        } finally {
            System.clearProperty("CHANNEL_URL");
            System.clearProperty("CHANNEL_SECRET");
        }
    }

    @Test
    void boundsTheRest() {
        ChannelConfig.Builder builder = ChannelConfig.builder("xmpp://demo@localhost", SECRET);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.timeout(Duration.ZERO))
                .withMessage("timeout: PT0S (expected: PT0.001S..PT24H)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.connectTimeout(Duration.ofDays(2)))
                .withMessage("connectTimeout: PT48H (expected: PT0.001S..PT24H)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.silence(Duration.ofMillis(999)))
                .withMessage("silence: PT0.999S (expected: PT1S..PT24H)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxWaitingCalls(0))
                .withMessage("maxWaitingCalls: 0 (expected: at least 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxWaitingBytes(-1))
                .withMessage("maxWaitingBytes: -1 (expected: at least 1)");
    }

    @Test
    void isNotTouchedByItsBuilderLater() {
        ChannelConfig.Builder builder =
                ChannelConfig.builder("xmpp://demo@localhost", SECRET).timeout(Duration.ofSeconds(1));
        ChannelConfig config = builder.build();

        builder.timeout(Duration.ofSeconds(2));

        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(1));
    }
}
