package org.channelgateway.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.channelgateway.server.RunningGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every door with what does not belong there: a clear error, and the gateway serves on. */
final class BadInputIT {
    @TempDir
    static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = RunningGateway.start(folder, "");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void servesOn() {
        assertThat(gateway.json("POST", "/v1/channels", "{\"key\":\"still here\"}")
                        .statusCode())
                .isEqualTo(201);
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String detail) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = new ObjectMapper().readTree(answer.body());
        assertThat(problem.path("status").intValue()).isEqualTo(status);
        assertThat(problem.path("title").textValue()).isNotEmpty();
        assertThat(problem.path("detail").textValue()).contains(detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"key\":\"\"} | 422 | key: ",
                "{\"key\":\"a\\u0000b\"} | 422 | key: ",
                "{\"key\":\"a\\ud800b\"} | 422 | key: ",
                "{\"key\":\"k\",\"durationMinutes\":0} | 422 | durationMinutes: 0 (expected: 1..1440)",
                "{\"key\":\"k\",\"durationMinutes\":1441} | 422 | durationMinutes: 1441 (expected: 1..1440)",
                "{\"key\":\"k\",\"durationMinutes\":-1} | 422 | durationMinutes: -1 (expected: 1..1440)",
                "{\"key\":\"k\",\"durationMinutes\":1.5} | 400 | durationMinutes: 1.5 (expected: a whole number)",
                "{\"key\":\"k\",\"durationMinutes\":\"2\"} | 400 | durationMinutes: \"2\" (expected: a whole number)",
                "{\"key\":\"k\",\"minutes\":2} | 400 | minutes: unknown field (expected: durationMinutes, key)",
                "{\"key\":1} | 400 | key: number (expected: a string)",
                "{} | 400 | key: missing (expected: a string)",
                "[] | 400 | body: array (expected: an object)",
                "{\"key\":\"k\",\"key\":\"k\"} | 400 | body: not valid JSON at line 1",
                "{\"key\":\"k\"} x | 400 | body: not valid JSON at line 1",
                "{\"key\": | 400 | body: not valid JSON at line 1",
            })
    void refusesABadCreate(String body, int status, String detail) throws Exception {
        assertProblem(gateway.json("POST", "/v1/channels", body), status, detail);
    }

    @Test
    void refusesAKeyOfOneByteTooMuch() throws Exception {
        String longest = "k".repeat(256);
        assertThat(gateway.json("POST", "/v1/channels", "{\"key\":\"" + longest + "\"}")
                        .statusCode())
                .isEqualTo(201);
        assertProblem(gateway.json("POST", "/v1/channels", "{\"key\":\"" + longest + "k\"}"), 422, "256");
        assertProblem(gateway.text("/v1/channels/" + longest + "k/messages", "x"), 422, "key: ");
        assertProblem(gateway.send("GET", "/v1/channels/" + longest + "k", ""), 422, "key: ");
    }

    @Test
    void refusesAnEmptyBody() throws Exception {
        assertProblem(gateway.json("POST", "/v1/channels", ""), 400, "body: empty");
        assertProblem(gateway.text("/v1/channels/k/messages", ""), 422, "message: 0 bytes (expected: 1..32767)");
    }

    @Test
    void takesAMessageAtTheLimitAndRefusesOneByteMore() throws Exception {
        assertThat(gateway.text("/v1/channels/k/messages", "m".repeat(32_767)).statusCode())
                .isEqualTo(202);
        assertProblem(gateway.text("/v1/channels/k/messages", "m".repeat(32_768)), 413, "32767 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "a\u001fb", "\ufffe", "\uffff"})
    void refusesCharactersThatXmlCannotCarry(String message) throws Exception {
        assertProblem(gateway.text("/v1/channels/k/messages", message), 422, "message: U+");
        assertProblem(
                gateway.json("POST", "/v1/messages", "[{\"keys\":[\"k\"],\"message\":\"\\u%04x\"}]".formatted((int)
                                message.charAt(message.length() / 2))),
                422,
                "message: U+");
    }

    @Test
    void refusesBytesThatAreNotUtf8() throws Exception {
        byte[] latin1 = "é".getBytes(StandardCharsets.ISO_8859_1);
        assertProblem(
                gateway.send(
                        "POST",
                        "/v1/channels/k/messages",
                        BodyPublishers.ofByteArray(latin1),
                        "Content-Type",
                        "text/plain"),
                400,
                "message: not valid UTF-8");
        assertProblem(gateway.text("/v1/channels/%E9/messages", "x"), 400, "key: not valid UTF-8");
        assertThat(gateway.text("/_ah/channel/connect", "\ufffd").statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "text/plain; charset=iso-8859-1",
                "multipart/form-data",
                "text/xml",
                ""
            })
    void refusesOtherContentTypes(String type) throws Exception {
        assertProblem(gateway.send("POST", "/v1/channels/k/messages", "x", "Content-Type", type), 415, "Content-Type");
        assertProblem(gateway.send("POST", "/v1/channels", "{}", "Content-Type", type), 415, "Content-Type");
        assertProblem(gateway.send("POST", "/v1/messages", "[]", "Content-Type", type), 415, "Content-Type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "Bearer", "Basic Z3Vlc3Rib29rOg==", "guestbook-secret", ""})
    void refusesAnUnknownSecret(String authorization) throws Exception {
        for (String path : new String[] {"/v1/channels", "/v1/messages", "/v1/revoke", "/v1/channels/k/messages"}) {
            HttpResponse<String> answer = gateway.send(
                    "POST", path, "{}", "Content-Type", "application/json", "Authorization", authorization);
            assertProblem(answer, 401, "Authorization: ");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
            assertThat(answer.body()).doesNotContain("wrong");
        }
    }

    @Test
    void refusesABodyOfTenMegabytesWithoutReadingIt() throws Exception {
        for (String path : new String[] {"/v1/channels", "/v1/messages"}) {
            assertThat(sendTenMegabytes(path, "application/json")).startsWith("HTTP/1.1 413 ");
        }
        assertThat(sendTenMegabytes("/v1/channels/k/messages", "text/plain")).startsWith("HTTP/1.1 413 ");
        assertThat(sendTenMegabytes("/_ah/channel/connect", "text/plain"))
                .startsWith("HTTP/1.1 401 ")
                .contains("Invalid+token.");
        assertThat(sendTenMegabytes("/_ah/channel/disconnect", "text/plain")).startsWith("HTTP/1.1 413 ");
        assertThat(sendTenMegabytes("/http-bind", "text/xml"))
                .startsWith("HTTP/1.1 200 ")
                .contains("type='terminate' condition='policy-violation'");
    }

    /** Announces ten megabytes and sends little; the answer must come all the same. */
    private static String sendTenMegabytes(String path, String type) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), gateway.uri().getPort())) {
            socket.setSoTimeout(10_000);
            String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type
                    + "\r\nAuthorization: Bearer " + RunningGateway.SECRET + "\r\nContent-Length: 10485760\r\n\r\nx";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void refusesATenMegabyteBodyThatIsSentInChunks() {
        byte[] large = new byte[10 << 20];
        try {
            HttpResponse<String> answer = gateway.send(
                    "POST",
                    "/v1/messages",
                    BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(large)),
                    "Content-Type",
                    "application/json");
            assertThat(answer.statusCode()).isEqualTo(413);
        } catch (AssertionError e) {
            // the gateway closes after its answer, which a client that is still writing may not see
            assertThat(e).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void saysWhichMethodsAPathTakes() throws Exception {
        HttpResponse<String> answer = gateway.send("PUT", "/v1/channels/k", "");
        assertProblem(answer, 405, "method: PUT (expected: DELETE or GET)");
        assertThat(answer.headers().firstValue("Allow")).hasValue("DELETE, GET");
        assertProblem(gateway.send("GET", "/http-bind", ""), 405, "method: GET (expected: POST)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/channels/a/b",
                "/v1/channels/a/messages/",
                "/V1/channels",
                "/v1%2Fchannels",
                "/%76%31/channels",
                "/v1/channels/../channels/k/x",
                "/_ah/channel/connected/",
                "/_ah/channel/demo",
                "/"
            })
    void hasNothingAtPathsThatAreNotListed(String path) throws Exception {
        assertProblem(gateway.send("GET", path, ""), 404, "path: ");
    }

    @Test
    void refusesBadQueries() throws Exception {
        assertProblem(gateway.send("GET", "/v1/channels?limit=0", ""), 422, "limit: 0 (expected: 1..1000)");
        assertProblem(gateway.send("GET", "/v1/channels?limit=1001", ""), 422, "limit: 1001 (expected: 1..1000)");
        assertProblem(gateway.send("GET", "/v1/channels?limit=x", ""), 400, "limit: not a whole number");
        assertProblem(gateway.send("GET", "/v1/channels?prefx=a", ""), 400, "query: unknown parameter");
        assertProblem(gateway.send("GET", "/v1/channels?prefix=a&prefix=b", ""), 400, "prefix: given twice");
        assertProblem(gateway.send("GET", "/v1/channels?prefix=%FF", ""), 400, "prefix: not valid UTF-8");
        assertProblem(
                gateway.send("GET", "/v1/channels/%00", ""), 400, "request: not valid (expected: HTTP/1.1, RFC 9112)");
    }

    @Test
    void refusesATokenThatIsNone() throws Exception {
        for (String token : new String[] {"", "garbled", "ct_" + "A".repeat(48), "x".repeat(100_000)}) {
            HttpResponse<String> answer = gateway.text("/_ah/channel/connect", token);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).startsWith("{\"code\":401,\"description\":\"");
        }
        assertProblem(gateway.json("POST", "/v1/revoke", "{\"token\":\"garbled\"}"), 422, "token: not one");
        assertThat(gateway.text("/_ah/channel/disconnect", "nobody").statusCode())
                .isEqualTo(204);
    }

    @Test
    void refusesAPageOfAnotherOrigin() throws Exception {
        String token = new ObjectMapper()
                .readTree(
                        gateway.json("POST", "/v1/channels", "{\"key\":\"k\"}").body())
                .path("token")
                .textValue();
        String head = "POST /_ah/channel/connect HTTP/1.1\r\nHost: gateway.example\r\nConnection: close\r\n"
                + "Content-Length: " + token.length() + "\r\nOrigin: ";
        assertThat(raw(head + "http://evil.example\r\n\r\n" + token))
                .startsWith("HTTP/1.1 403 ")
                .contains("Access-Control-Allow-Origin: http://evil.example\r\n")
                .contains("Origin: not among the origins");
        assertThat(raw(head + "http://allowed.example\r\n\r\n" + token))
                .startsWith("HTTP/1.1 200 ")
                .contains("Access-Control-Allow-Origin: http://allowed.example\r\n")
                .doesNotContain("Access-Control-Allow-Credentials");
        assertThat(raw(head + "https://gateway.example\r\n\r\n" + token)).startsWith("HTTP/1.1 200 ");
        assertThat(raw("OPTIONS /http-bind HTTP/1.1\r\nHost: gateway.example\r\nConnection: close\r\n"
                        + "Origin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .doesNotContain("Access-Control-Allow-Origin");
        assertThat(raw("OPTIONS /http-bind HTTP/1.1\r\nHost: gateway.example\r\nConnection: close\r\n"
                        + "Origin: http://allowed.example\r\nAccess-Control-Request-Method: POST\r\n\r\n"))
                .startsWith("HTTP/1.1 204 ")
                .contains("Access-Control-Allow-Methods: POST\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "POST /http-bind HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                "POST /http-bind HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /http-bind HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            })
    void refusesWhatIsNotHttp(String request) throws IOException {
        assertThat(raw(request)).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
    }

    @Test
    void refusesHeadersWithoutAnEnd() throws IOException {
        assertThat(raw("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .contains("application/problem+json");
    }

    private static String raw(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), gateway.uri().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
