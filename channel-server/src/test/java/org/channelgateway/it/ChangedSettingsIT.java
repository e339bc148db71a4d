package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.channelgateway.config.CommandLine;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.SettingsLoader;
import org.channelgateway.server.Gateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** What a new start with other apps in the settings means for their secrets, over HTTP and XMPP. */
final class ChangedSettingsIT {
    private static final String BEFORE = """
            apps:
              guestbook: {secret: guestbook-before}
              chess: {secret: chess-secret}
            """;
    private static final String AFTER = """
            apps:
              guestbook: {secret: guestbook-after}
            """;

    @TempDir
    Path folder;

    private Gateway start(String apps) throws IOException, ConfigException {
        Path yaml = Files.writeString(folder.resolve("channel.yaml"), apps);
        CommandLine line = new CommandLine(
                yaml,
                folder.resolve("data"),
                new CommandLine.Address("127.0.0.1", 0),
                new CommandLine.Address("127.0.0.1", 0));
        return Gateway.start(SettingsLoader.load(line, Map.of()), InstantSource.system(), System::nanoTime);
    }

    private static void assertWorks(Gateway gateway, String app, String secret) {
        assertThat(create(gateway, secret)).isEqualTo(201);
        TcpClient client = new TcpClient(gateway.xmpp());
        assertThat(client.login("", "app-" + app, secret).getLocalName()).isEqualTo("success");
        client.bind();
        assertThat(client.bareJid()).isEqualTo("app-" + app + "@" + WireClient.DOMAIN);
        client.terminate();
    }

    private static void assertRefused(Gateway gateway, String app, String secret) {
        assertThat(create(gateway, secret)).isEqualTo(401);
        Element failure = new TcpClient(gateway.xmpp()).login("", "app-" + app, secret);
        assertThat(WireClient.only(failure).getLocalName()).isEqualTo("not-authorized");
    }

    private static int create(Gateway gateway, String secret) {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri().resolve("v1/channels"))
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"key\":\"key\"}"))
                .build();
        return ChannelApi.send(ChannelApi.client(), request).statusCode();
    }

    private static int connect(Gateway gateway, String token) {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri().resolve("_ah/channel/connect"))
                .POST(BodyPublishers.ofString(token))
                .build();
        return ChannelApi.send(ChannelApi.client(), request).statusCode();
    }

    @Test
    void onlyTheNewSecretOfAnAppWorksAfterTheNextStart() throws Exception {
        String token;
        try (Gateway gateway = start(BEFORE)) {
            assertWorks(gateway, "guestbook", "guestbook-before");
            assertRefused(gateway, "guestbook", "guestbook-after");
            token = new ChannelApi(gateway.uri(), "guestbook-before").token("key");
        }

        try (Gateway gateway = start(AFTER)) {
            assertWorks(gateway, "guestbook", "guestbook-after");
            assertRefused(gateway, "guestbook", "guestbook-before");
            assertThat(connect(gateway, token)).as("a token of before").isEqualTo(200);
        }
    }

    @Test
    void anAppThatLeftTheSettingsIsRefusedUntilItComesBack() throws Exception {
        try (Gateway gateway = start(BEFORE)) {
            assertWorks(gateway, "chess", "chess-secret");
        }
        try (Gateway gateway = start(AFTER)) {
            assertRefused(gateway, "chess", "chess-secret");
        }
        try (Gateway gateway = start(BEFORE)) {
            assertWorks(gateway, "chess", "chess-secret");
            assertRefused(gateway, "guestbook", "guestbook-after");
        }
    }
}
