package org.channelgateway.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.channelgateway.config.ConfigException;
import org.channelgateway.nginx.RawHttps.Answer;
import org.channelgateway.server.RunningGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gateway behind nginx has for applications and operators does not exist for anybody else. */
final class InsidePathsIT {
    private static final String METRICS_SECRET = "secret-of-the-metrics";

    @TempDir
    static Path folder;

    private static RunningGateway gateway;
    private static NginxProcess nginx;
    private static RawHttps outside;

    @BeforeAll
    static void start() throws IOException, ConfigException {
        gateway = RunningGateway.start(folder, "http: {dev: true, metricsSecret: " + METRICS_SECRET + "}\n");
        nginx = new NginxProcess("cluster", Map.of(), gateway.uri());
        outside = new RawHttps(nginx.uri());
    }

    @AfterAll
    static void stop() {
        nginx.close();
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/",
                "/v1/channels",
                "/v1/channels/a",
                "/V1/channels",
                "//v1/channels",
                "/./v1/channels",
                "/v1//channels",
                "/v1%2fchannels",
                "/%2fv1/channels",
                "/%76%31/channels",
                "/%5cv1/channels",
                "/v1\\channels",
                "/v1;a/channels",
                "/v1%00/channels",
                "/_ah/../v1/channels",
                "/_ah/channel/../../v1/channels",
                "/_ah/channel/jsapi/../../../v1/channels",
                "/_ah/channel/jsapi%2f..%2f..%2f..%2fv1%2fchannels",
                "/http-bind/../v1/channels",
                "/http-bind/..%2fv1/channels",
                "/http-bind/%2e%2e/v1/channels",
                "/http-bind/a/1/b/../../../../v1/channels",
                "/http-bind/%2e%2e%2fv1%2fchannels",
                "/http-bind//v1/channels",
                "/../v1/channels",
                "/metrics",
                "/METRICS",
                "//metrics",
                "/metrics/",
                "/metrics?debug=1",
                "/readyz",
                "/healthz",
                "/_ah/channel/dev?command=connect",
                "/_ah/channel/demo",
                "/_ah/channel/connected",
                "/_ah/channel/connected/",
                "/_ah/channel/disconnected/",
                "/_ah/channel/connect/../connected/",
                "/_ah/channel/",
            })
    void areNotReachedFromOutsideHoweverTheyAreWritten(String target) {
        for (String method : List.of("GET", "POST", "DELETE", "PUT")) {
            Answer answer = outside.send(
                    method,
                    target,
                    "{\"key\":\"a\"}",
                    "Authorization",
                    "Bearer " + (target.contains("etrics") ? METRICS_SECRET : RunningGateway.SECRET),
                    "Content-Type",
                    "application/json");

            assertThat(answer.status()).as(method).isIn(400, 404);
        }
    }

    /** They end up as a path that pages may call, and the gateway is asked for that one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/channels/%2e%2e%2f%2e%2e%2f_ah%2fchannel%2fconnect",
                "/v1/../_ah/channel/connect",
                "/metrics%2f..%2f_ah%2fchannel%2fconnect",
                "/metrics/../_ah/channel/connect",
            })
    void areNotWhatAPublicPathBecomesOnItsWay(String target) {
        Answer answer = outside.post(target, "no token", "Authorization", "Bearer " + RunningGateway.SECRET);
        Answer deleted = outside.send("DELETE", target, "", "Authorization", "Bearer " + RunningGateway.SECRET);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body()).contains("Invalid+token.");
        assertThat(deleted.status()).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example", "[::1]", "a", "gateway"})
    void areNotThereForAnotherName(String host) {
        assertThat(outside.get("/_ah/channel/jsapi", "Host", host).status()).isEqualTo(421);
    }

    @Test
    void areReachedFromInsideWithTheirPathAsItIs() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        URI messages = URI.create(nginx.inside() + "v1/channels/a%2Fb%20%C3%BC%2F%2e%2e%2F%25/messages");

        HttpResponse<String> created = client.send(
                request(nginx.inside().resolve("v1/channels"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"key\":\"a/b ü/../%\"}"))
                        .build(),
                BodyHandlers.ofString());
        HttpResponse<String> sent = client.send(
                request(messages)
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString("Hello"))
                        .build(),
                BodyHandlers.ofString());
        HttpResponse<String> looked = client.send(
                request(URI.create(nginx.inside() + "v1/channels/a%2Fb%20%C3%BC%2F%2e%2e%2F%25"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(sent.statusCode()).isEqualTo(202);
        assertThat(looked.body()).contains("\"key\":\"a/b ü/../%\"");
        assertThat(client.send(request(nginx.inside().resolve("readyz")).build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
        assertThat(client.send(request(nginx.inside().resolve("metrics")).build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
    }

    private static HttpRequest.Builder request(URI address) {
        return HttpRequest.newBuilder(address).header("Authorization", "Bearer " + RunningGateway.SECRET);
    }

    @Test
    void theLogShowsNoQuery() throws IOException {
        outside.get("/_ah/channel/jsapi?token=secret-of-a-page");
        outside.get("/_ah/channel/dev?command=connect&channel=secret-of-a-page");
        outside.post("/http-bind/node/1/signature-of-a-page?token=secret-of-a-page", "<body/>");

        assertThat(nginx.accesses())
                .anyMatch(line -> line.contains(" GET /_ah/channel/dev HTTP/1.1 404 "))
                .noneMatch(line -> line.contains("-of-a-page"));
    }
}
