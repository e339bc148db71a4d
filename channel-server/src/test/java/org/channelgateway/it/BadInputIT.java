package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every door with what does not belong there: a clear error, and the gateway serves on. */
final class BadInputIT {
    private static GatewayFixture gateway;
    private static HttpDoors doors;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
        doors = HttpDoors.of(gateway);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void servesOn() {
        assertThat(doors.json("POST", "/v1/channels", "{\"key\":\"still here\"}")
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
        assertProblem(doors.json("POST", "/v1/channels", body), status, detail);
    }

    @Test
    void refusesAKeyOfOneByteTooMuch() throws Exception {
        String longest = "k".repeat(256);
        assertThat(doors.json("POST", "/v1/channels", "{\"key\":\"" + longest + "\"}")
                        .statusCode())
                .isEqualTo(201);
        assertProblem(doors.json("POST", "/v1/channels", "{\"key\":\"" + longest + "k\"}"), 422, "256");
        assertProblem(doors.text("/v1/channels/" + longest + "k/messages", "x"), 422, "key: ");
        assertProblem(doors.send("GET", "/v1/channels/" + longest + "k", ""), 422, "key: ");
    }

    @Test
    void refusesAnEmptyBody() throws Exception {
        assertProblem(doors.json("POST", "/v1/channels", ""), 400, "body: empty");
        assertProblem(doors.text("/v1/channels/k/messages", ""), 422, "message: 0 bytes (expected: 1..32767)");
    }

    /** Each of them would take a hundred bytes in the heap. */
    @Test
    void refusesABodyWithTooMuchInIt() throws Exception {
        assertProblem(
                doors.json("POST", "/v1/messages", "[" + "{},".repeat(10_000) + "{}]"),
                413,
                "body: too much in it (expected: at most 16016 names, values and brackets");
        assertProblem(
                doors.json("POST", "/v1/channels", "{\"key\":[" + "0,".repeat(100) + "0]}"),
                413,
                "(expected: at most 100 names, values and brackets, nested at most 100 deep");
    }

    @Test
    void takesAsManyItemsAsKeysMayBe() throws Exception {
        String items = "{\"keys\":[\"k\"],\"message\":\"m\"},".repeat(999);
        String last = "{\"keys\":[\"k\"],\"message\":\"m\"}";
        assertThat(doors.json("POST", "/v1/messages", "[" + items + last + "]").statusCode())
                .isEqualTo(202);
        String toNobody = "{\"keys\":[],\"message\":\"m\"},".repeat(1000);
        assertThat(doors.json("POST", "/v1/messages", "[" + toNobody + items + last + "]")
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void takesAMessageAtTheLimitAndRefusesOneByteMore() throws Exception {
        assertThat(doors.text("/v1/channels/k/messages", "m".repeat(32_767)).statusCode())
                .isEqualTo(202);
        assertProblem(doors.text("/v1/channels/k/messages", "m".repeat(32_768)), 413, "32767 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "a\u001fb", "\ufffe", "\uffff"})
    void refusesCharactersThatXmlCannotCarry(String message) throws Exception {
        assertProblem(doors.text("/v1/channels/k/messages", message), 422, "message: U+");
        assertProblem(
                doors.json("POST", "/v1/messages", "[{\"keys\":[\"k\"],\"message\":\"\\u%04x\"}]".formatted((int)
                                message.charAt(message.length() / 2))),
                422,
                "message: U+");
    }

    @Test
    void refusesBytesThatAreNotUtf8() throws Exception {
        byte[] latin1 = "é".getBytes(StandardCharsets.ISO_8859_1);
        assertProblem(
                doors.send(
                        "POST",
                        "/v1/channels/k/messages",
                        BodyPublishers.ofByteArray(latin1),
                        "Content-Type",
                        "text/plain"),
                400,
                "message: not valid UTF-8");
        assertProblem(doors.text("/v1/channels/%E9/messages", "x"), 400, "key: not valid UTF-8");
        assertThat(doors.text("/_ah/channel/connect", "\ufffd").statusCode()).isEqualTo(401);
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
        assertProblem(doors.send("POST", "/v1/channels/k/messages", "x", "Content-Type", type), 415, "Content-Type");
        assertProblem(doors.send("POST", "/v1/channels", "{}", "Content-Type", type), 415, "Content-Type");
        assertProblem(doors.send("POST", "/v1/messages", "[]", "Content-Type", type), 415, "Content-Type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "Bearer", "Basic Z3Vlc3Rib29rOg==", "guestbook-secret", ""})
    void refusesAnUnknownSecret(String authorization) throws Exception {
        for (String path : new String[] {"/v1/channels", "/v1/messages", "/v1/revoke", "/v1/channels/k/messages"}) {
            HttpResponse<String> answer =
                    doors.send("POST", path, "{}", "Content-Type", "application/json", "Authorization", authorization);
            assertProblem(answer, 401, "Authorization: ");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
            assertThat(answer.body()).doesNotContain("wrong");
        }
    }

    @Test
    void saysWhichMethodsAPathTakes() throws Exception {
        HttpResponse<String> answer = doors.send("PUT", "/v1/channels/k", "");
        assertProblem(answer, 405, "method: PUT (expected: DELETE or GET)");
        assertThat(answer.headers().firstValue("Allow")).hasValue("DELETE, GET");
        assertProblem(doors.send("GET", "/http-bind", ""), 405, "method: GET (expected: POST)");
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
        assertProblem(HttpDoors.behind(gateway).send("GET", path, ""), 404, "path: ");
        assertThat(doors.send("GET", path, "").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesBadQueries() throws Exception {
        assertProblem(doors.send("GET", "/v1/channels?limit=0", ""), 422, "limit: 0 (expected: 1..1000)");
        assertProblem(doors.send("GET", "/v1/channels?limit=1001", ""), 422, "limit: 1001 (expected: 1..1000)");
        assertProblem(doors.send("GET", "/v1/channels?limit=x", ""), 400, "limit: not a whole number");
        assertProblem(doors.send("GET", "/v1/channels?prefx=a", ""), 400, "query: unknown parameter");
        assertProblem(doors.send("GET", "/v1/channels?prefix=a&prefix=b", ""), 400, "prefix: given twice");
        assertProblem(doors.send("GET", "/v1/channels?prefix=%FF", ""), 400, "prefix: not valid UTF-8");
        assertProblem(
                HttpDoors.behind(gateway).send("GET", "/v1/channels/%00", ""),
                400,
                "request: not valid (expected: HTTP/1.1, RFC 9112)");
        assertThat(doors.send("GET", "/v1/channels/%00", "").statusCode()).isEqualTo(400);
    }

    @Test
    void refusesATokenThatIsNone() throws Exception {
        String endless = "x".repeat(100_000);
        assertThat(HttpDoors.behind(gateway)
                        .text("/_ah/channel/connect", endless)
                        .statusCode())
                .isEqualTo(401);
        assertThat(doors.text("/_ah/channel/connect", endless).statusCode())
                .as("nginx does not read it")
                .isIn(401, 413);
        for (String token : new String[] {"", "garbled", "ct_" + "A".repeat(48)}) {
            HttpResponse<String> answer = doors.text("/_ah/channel/connect", token);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).startsWith("{\"code\":401,\"description\":\"");
        }
        assertProblem(doors.json("POST", "/v1/revoke", "{\"token\":\"garbled\"}"), 422, "token: not one");
        assertThat(doors.text("/_ah/channel/disconnect", "nobody").statusCode()).isEqualTo(204);
    }
}
