package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the two requests behind the demo's form serve, and what they refuse; byte for byte on the wire. */
final class DemoRoutesIT {
    private static final String CHANNELS = "/_ah/channel/demo/channels";
    private static final String MESSAGES = "/_ah/channel/demo/messages";
    private static final String JSON = "application/json";

    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.demoPage());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** One answer as it came: status line, headers and body. */
    private static String exchange(String request) {
        try (Socket socket = new Socket(gateway.uri().getHost(), gateway.uri().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.UTF_8));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String post(String path, String host, String contentType, String more, String body) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return exchange("POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: " + contentType + "\r\n"
                + more + "Content-Length: " + length + "\r\nConnection: close\r\n\r\n" + body);
    }

    private static String post(String path, String body) {
        return post(path, ownHost(), JSON, "", body);
    }

    private static String ownHost() {
        return gateway.uri().getAuthority();
    }

    private static void assertProblem(String answer, int status, String detail) {
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("Content-Type: application/problem+json\r\n")
                .contains("\"detail\":\"" + detail + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:%d", "localhost:%d", "LOCALHOST:%d", "[::1]:%d", "localhost"})
    void servesThisMachineByEachOfItsNames(String host) {
        String answer = post(CHANNELS, host.formatted(gateway.uri().getPort()), JSON, "", "{\"key\":\"k\"}");

        assertThat(answer).startsWith("HTTP/1.1 201 ").contains("\"token\":\"ct_");
    }

    /** A name of the attacker that leads to 127.0.0.1: for the browser, page and request have one origin then. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example:%d",
                "evil.example",
                "127.0.0.1.evil.example:%d",
                "localhost.evil.example:%d",
                "evil.localhost:%d",
                "0.0.0.0:%d",
                "127.0.0.1%%2eevil.example:%d"
            })
    void servesNoSiteThatHasItsNameReboundToThisMachine(String pattern) {
        String host = pattern.formatted(gateway.uri().getPort());
        for (String path : List.of(CHANNELS, MESSAGES)) {
            String answer =
                    post(path, host, JSON, "Origin: http://" + host + "\r\n", "{\"key\":\"k\",\"message\":\"m\"}");

            assertThat(answer).matches("(?s)HTTP/1\\.1 40[03] .*").doesNotContain("ct_", "receivers");
        }
    }

    @Test
    void countsWhatItRefuses() {
        String origin = "gateway_refusals_total{door=\"api\",reason=\"origin\"}";
        double before = Metrics.of(gateway).value(origin);
        post(CHANNELS, "evil.example", JSON, "", "{\"key\":\"k\"}");
        post(CHANNELS, ownHost(), JSON, "Origin: http://evil.example\r\n", "{\"key\":\"k\"}");
        assertThat(Metrics.of(gateway).value(origin)).isEqualTo(before + 2);
    }

    @Test
    void saysWhichHostItExpects() {
        String answer = post(CHANNELS, "evil.example", JSON, "Origin: http://evil.example\r\n", "{\"key\":\"k\"}");

        assertProblem(answer, 403, "Host: not this machine (expected: localhost, 127.0.0.1 or [::1])");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "https://127.0.0.1", "http://127.0.0.1:1", "null"})
    void servesNoPageOfAnotherOrigin(String origin) {
        for (String path : List.of(CHANNELS, MESSAGES)) {
            String answer =
                    post(path, ownHost(), JSON, "Origin: " + origin + "\r\n", "{\"key\":\"k\",\"message\":\"m\"}");

            assertProblem(answer, 403, "Origin: not this gateway's own page");
            assertThat(answer).doesNotContain("Access-Control-Allow-Origin");
        }
    }

    /** What a form or a script of another site can send without asking first is no JSON. */
    @ParameterizedTest
    @CsvSource({"text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"})
    void takesNothingButJson(String contentType) {
        for (String path : List.of(CHANNELS, MESSAGES)) {
            assertProblem(
                    post(path, ownHost(), contentType, "", "{\"key\":\"k\"}"),
                    415,
                    "Content-Type: not one that is taken here (expected: application/json, charset=utf-8)");
        }
    }

    @Test
    void refusesKeysThatAreTooLongOrEmpty() {
        String expected = " (expected: at most 256 bytes in UTF-8)";
        String excerpt = "'" + "k".repeat(32) + "…'";

        assertThat(post(CHANNELS, key("k".repeat(256)))).startsWith("HTTP/1.1 201 ");
        assertProblem(post(CHANNELS, key("k".repeat(257))), 422, "key: " + excerpt + expected);
        assertProblem(post(CHANNELS, key("")), 422, "key: '' (expected: 1..256 bytes in UTF-8)");
        assertProblem(post(MESSAGES, message("k".repeat(257), "m")), 422, "key: " + excerpt + expected);
    }

    @Test
    void refusesMessagesThatAreTooLongOrEmpty() {
        assertThat(post(MESSAGES, message("k", "é".repeat(16_383) + "e"))).startsWith("HTTP/1.1 202 ");
        assertProblem(
                post(MESSAGES, message("k", "é".repeat(16_384))), 413, "message: 32768 bytes (expected: 1..32767)");
        assertProblem(post(MESSAGES, message("k", "")), 422, "message: 0 bytes (expected: 1..32767)");
    }

    @Test
    void readsNoBodyBeyondItsLimit() {
        assertProblem(
                post(MESSAGES, message("k", "m".repeat(256 * 1024))),
                413,
                "body: too long (expected: at most 262144 bytes)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"key\":           | body: not valid JSON at line 1, column 8 (expected: JSON, RFC 8259)",
                "[\"key\"]           | body: array (expected: an object)",
                "{}                  | key: missing (expected: a string)",
                "{\"key\": 1}        | key: number (expected: a string)",
                "{\"key\":\"a\",\"key\":\"b\"} | body: ",
                "{\"kee\":\"a\"}     | kee: unknown field (expected: key)"
            })
    void saysWhatIsWrongWithTheJson(String body, String detail) {
        assertThat(post(CHANNELS, body)).startsWith("HTTP/1.1 400 ").contains("\"detail\":\"" + detail);
    }

    @Test
    void hasItsIconInThePageAndAllowsItByItsPolicy() {
        String answer = exchange("GET / HTTP/1.1\r\nHost: " + ownHost() + "\r\nConnection: close\r\n\r\n");

        assertThat(answer)
                .contains("<link rel=\"icon\" href=\"data:image/svg+xml,")
                .contains("Content-Security-Policy: default-src 'self'; img-src 'self' data:;");
    }

    private static String key(String key) {
        return "{\"key\":\"" + key + "\"}";
    }

    private static String message(String key, String message) {
        return "{\"key\":\"" + key + "\",\"message\":\"" + message + "\"}";
    }
}
