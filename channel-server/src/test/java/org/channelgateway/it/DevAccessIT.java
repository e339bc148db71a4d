package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.channelgateway.config.CommandLine;
import org.channelgateway.config.SettingsLoader;
import org.channelgateway.it.DevDoor.Answer;
import org.channelgateway.server.Census;
import org.channelgateway.server.Gateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may speak the protocol of the development server, in which tokens stand in URLs. */
final class DevAccessIT {
    private static final String SECRET = "secret-of-dev-access";

    private static void assertNothingIsThere(Answer answer) {
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).contains("path: nothing is there");
    }

    private static String connect(GatewayFixture gateway) {
        return "?command=connect&channel=" + gateway.api().token("dev-access");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: gateway.example",
                "Host: 127.0.0.1.gateway.example:8080",
                "X-Forwarded-For: 127.0.0.1",
                "Forwarded: for=127.0.0.1",
                "Via: 1.1 proxy",
                "X-Real-IP: 127.0.0.1"
            })
    void isNotThereForWhatComesFromElsewhere(String header) {
        try (GatewayFixture gateway = GatewayFixture.start(FixtureSettings.withoutPages())) {
            assertNothingIsThere(new DevDoor(gateway.uri()).get(connect(gateway), header));
            assertThat(gateway.census()).isEqualTo(Census.NOBODY);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Origin: http://elsewhere.example", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"})
    void refusesPagesOfOtherOrigins(String header) {
        try (GatewayFixture gateway = GatewayFixture.start(FixtureSettings.withoutPages())) {
            Answer answer = new DevDoor(gateway.uri()).get(connect(gateway), header);
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
            assertThat(gateway.census()).isEqualTo(Census.NOBODY);
        }
    }

    @Test
    void servesPagesOfItsOwnOrigin() {
        try (GatewayFixture gateway = GatewayFixture.start(FixtureSettings.withoutPages())) {
            String own = "localhost:" + gateway.uri().getPort();
            Answer answer = new DevDoor(gateway.uri())
                    .get(connect(gateway), "Host: " + own, "Origin: http://" + own, "Sec-Fetch-Site: same-origin");
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    @Test
    void isNotThereWhenTheSettingsSayNobody() {
        FixtureSettings off = FixtureSettings.withoutPages().with("CHANNEL_HTTP_DEV", "false");
        try (GatewayFixture gateway = GatewayFixture.start(off)) {
            assertNothingIsThere(new DevDoor(gateway.uri()).get(connect(gateway)));
        }
    }

    @Test
    void isThereForAnybodyWhenTheSettingsSaySo() {
        FixtureSettings on = FixtureSettings.withoutPages().with("CHANNEL_HTTP_DEV", "true");
        try (GatewayFixture gateway = GatewayFixture.start(on)) {
            DevDoor door = new DevDoor(gateway.uri());
            String query = connect(gateway);
            assertThat(door.get(query, "Host: gateway.example", "X-Forwarded-For: 192.0.2.1")
                            .body())
                    .isEqualTo("connection-0\n");
            assertThat(door.get(query, "Host: gateway.example", "Origin: http://elsewhere.example")
                            .status())
                    .isEqualTo(403);
        }
    }

    /** 127.0.0.2 stands for an address that others can reach. */
    @Test
    void isNotThereWhenTheGatewayListensToOthers(@TempDir Path folder) throws Exception {
        Path yaml = folder.resolve("channel.yaml");
        Files.writeString(yaml, "apps: {guestbook: {secret: " + SECRET + "}}");
        CommandLine line = new CommandLine(
                yaml,
                folder.resolve("data"),
                new CommandLine.Address("127.0.0.2", 0),
                new CommandLine.Address("127.0.0.1", 0));
        Map<String, String> environment = Map.of("CHANNEL_SHUTDOWN_SPREAD", "0s");
        try (Gateway gateway =
                Gateway.start(SettingsLoader.load(line, environment), InstantSource.system(), System::nanoTime)) {
            String token = new ChannelApi(gateway.uri(), SECRET).token("dev-access");
            assertNothingIsThere(new DevDoor(gateway.uri()).ask("connect", token));
        }
    }

    @Test
    void endsAConnectionThatNobodyPolls() {
        FixtureSettings hasty = FixtureSettings.withoutPages().with("CHANNEL_BOSH_INACTIVITY", "1s");
        try (GatewayFixture gateway = GatewayFixture.start(hasty)) {
            assertThat(new DevDoor(gateway.uri()).get(connect(gateway)).status())
                    .isEqualTo(200);
            await().until(() -> gateway.census().equals(Census.NOBODY));
        }
    }

    @Test
    void tellsTheApplicationThatAConnectionCameAndWent() {
        try (CallbackApp app = new CallbackApp("secret-of-the-tests");
                GatewayFixture gateway = GatewayFixture.start(FixtureSettings.withoutPages()
                        .with("CHANNEL_APPS_GUESTBOOK_CALLBACK", app.uri().toString()))) {
            String token = gateway.api().token("dev-presence");
            DevDoor door = new DevDoor(gateway.uri());
            assertThat(door.ask("connect", token).status()).isEqualTo(200);
            await().until(() -> app.of("dev-presence").equals(List.of("connected")));

            assertThat(door.ask("disconnect", token, "connection-0").status()).isEqualTo(200);
            gateway.clock().advance(Duration.ofSeconds(1)); // the grace
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> app.of("dev-presence").equals(List.of("connected", "disconnected")));
        }
    }
}
