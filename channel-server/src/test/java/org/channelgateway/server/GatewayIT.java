package org.channelgateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.channelgateway.config.CommandLine;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Settings;
import org.channelgateway.config.SettingsLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a gateway starts, or does not, and how it stops. */
final class GatewayIT {
    @TempDir
    Path folder;

    private Settings settings(String... args) throws ConfigException {
        return SettingsLoader.load(CommandLine.parse(args), Map.of("CHANNEL_XMPP_PORT", "0"));
    }

    private static Gateway start(Settings settings) throws ConfigException {
        return Gateway.start(settings, InstantSource.system(), System::nanoTime);
    }

    @Test
    void leavesNothingBehindWhenItsPortIsInUse() throws Exception {
        Path data = folder.resolve("data");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertThatThrownBy(() -> start(settings("--data", data.toString(), "--http", address)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("http: " + address + " cannot be had: ")
                    .hasMessageEndingWith("(expected: a free port of this machine)");
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void leavesNothingBehindWhenItsXmppPortIsInUse() throws Exception {
        Path data = folder.resolve("data");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertThatThrownBy(() ->
                            start(settings("--data", data.toString(), "--http", "127.0.0.1:0", "--xmpp", address)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("xmpp: " + address + " cannot be had: ")
                    .hasMessageEndingWith("(expected: a free port of this machine)");
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void hasNoDemoBeyondLoopback() {
        assertThatThrownBy(() -> start(settings("--data", folder.toString(), "--http", "0.0.0.0:0")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("apps: none, and http.host is 0.0.0.0 (expected: ");
    }

    @Test
    void hasNoDemoWhenAdminIsServedBeyondLoopback() {
        assertThatThrownBy(() -> start(SettingsLoader.load(
                        CommandLine.parse("--data", folder.toString(), "--http", "127.0.0.1:0"),
                        Map.of("CHANNEL_XMPP_PORT", "0", "CHANNEL_HTTP_ADMIN", "0.0.0.0:0"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("apps: none, and http.admin is 0.0.0.0:0 (expected: ");
    }

    @Test
    void leavesNothingBehindWhenThePortOfAdminIsInUse() throws Exception {
        Path data = folder.resolve("data");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertThatThrownBy(() -> start(SettingsLoader.load(
                            CommandLine.parse("--data", data.toString(), "--http", "127.0.0.1:0"),
                            Map.of("CHANNEL_XMPP_PORT", "0", "CHANNEL_HTTP_ADMIN", address))))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("http.admin: " + address + " cannot be had: ");
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void leavesNothingBehindWhenTheApplicationIsItself() throws Exception {
        Path data = folder.resolve("data");
        String address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + free.getLocalPort();
        }
        assertThatThrownBy(() -> start(SettingsLoader.load(
                        CommandLine.parse("--data", data.toString(), "--http", address, "--app", "http://" + address),
                        Map.of("CHANNEL_XMPP_PORT", "0", "CHANNEL_HTTP_ADMIN", "127.0.0.1:0"))))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "--app: http://" + address + " (expected: the application's own address, not the gateway's)");
        assertThat(data).doesNotExist();
    }

    @Test
    void refusesTheDemoToOtherHostsAndOrigins() throws Exception {
        Settings settings = settings("--data", folder.resolve("data").toString(), "--http", "127.0.0.1:0");
        try (Gateway gateway = start(settings)) {
            URI create = gateway.uri().resolve("_ah/channel/demo/channels");
            HttpRequest.Builder request = HttpRequest.newBuilder(create)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"key\":\"k\"}"));
            assertThat(send(request.build()).statusCode()).isEqualTo(201);
            assertThat(send(request.setHeader("Origin", "http://evil.example").build())
                            .statusCode())
                    .isEqualTo(403);
            assertThat(Files.readString(folder.resolve("data/demo.secret")).strip())
                    .hasSize(32);
        }
    }

    @Test
    void answersHeldPollsBeforeItStops() throws Exception {
        RunningGateway gateway = RunningGateway.start(folder, "");
        String token = field("token", gateway.json("POST", "/v1/channels", "{\"key\":\"k\"}"));
        HttpResponse<String> session = gateway.text("/_ah/channel/connect", token);
        long rid = Long.parseLong(field("rid", session));
        CompletableFuture<HttpResponse<String>> before = poll(gateway, field("sid", session), rid);
        CompletableFuture<HttpResponse<String>> held = poll(gateway, field("sid", session), rid + 1);
        before.get(10, TimeUnit.SECONDS); // it is let go when the next one is held
        gateway.close();
        assertThat(held.get(10, TimeUnit.SECONDS).body()).contains("type='terminate' condition='system-shutdown'");
    }

    private static CompletableFuture<HttpResponse<String>> poll(RunningGateway gateway, String sid, long rid) {
        String body = "<body rid='%d' sid='%s' xmlns='http://jabber.org/protocol/httpbind'/>".formatted(rid, sid);
        HttpRequest request = HttpRequest.newBuilder(gateway.uri().resolve("http-bind"))
                .POST(BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().sendAsync(request, BodyHandlers.ofString());
    }

    private static String field(String name, HttpResponse<String> json) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"?([^\",}]+)").matcher(json.body());
        assertThat(matcher.find()).as(json.body()).isTrue();
        return matcher.group(1);
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }
}
