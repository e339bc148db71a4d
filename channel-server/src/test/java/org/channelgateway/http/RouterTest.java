package org.channelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.LocalConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RouterTest {
    private final LocalConnector connector = Routers.connector(
            Route.get("/keys", call -> say(call, "all")),
            Route.post("/keys", call -> say(call, "made")),
            Route.get("/keys/*", call -> say(call, "one: " + call.variable("key"))),
            Route.delete("/keys/*", call -> call.answer(204)),
            Route.get("/keys/first", call -> say(call, "the first")),
            Route.get("/keys/*/name", call -> say(call, "name of " + call.variable("key"))),
            Route.get("/rooms/*/*", call -> say(call, "room of " + call.variable("house"))),
            Route.get("/busy", call -> {
                throw new ProblemException(new Problem(429, "key: too many", Duration.ofSeconds(7)));
            }),
            Route.get("/broken", call -> {
                throw new IllegalStateException("secret of the inside");
            }),
            Route.get("/later", call -> new Thread(() -> say(call, "later")).start()),
            Route.post("/open", call -> say(call, "open")).crossOrigin());

    private static void say(Call call, String text) {
        call.answer(200, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void start() throws Exception {
        connector.getServer().start();
    }

    @AfterEach
    void stop() throws Exception {
        connector.getServer().stop();
    }

    private String ask(String methodAndPath, String... headers) throws Exception {
        String head = methodAndPath + " HTTP/1.1\r\nHost: gateway.example\r\nContent-Length: 0\r\n";
        for (String header : headers) {
            head += header + "\r\n";
        }
        ByteBuffer answer = connector.getResponse(StandardCharsets.UTF_8.encode(head + "\r\n"));
        return StandardCharsets.UTF_8.decode(answer).toString();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /keys, all",
        "POST /keys, made",
        "GET /keys?prefix=x, all",
        "GET /keys/second, one: second",
        "GET /keys/first, the first",
        "GET /keys/first/name, name of first",
        "GET /keys/, 'one: '",
        "GET /keys/a%2Fb%25+%C3%A9, one: a/b%+é",
        "GET /keys/%2E%2E, one: ..",
        "GET /keys//name, 'name of '",
        "GET /rooms/a/b, room of a",
    })
    void findsTheRouteOfAPathAndItsVariable(String request, String text) throws Exception {
        assertThat(ask(request)).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n" + text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/Keys", "/keys/a/b", "/keys/a/name/", "//keys", "/%6Beys", "/keys%2Ffirst/name/x", "/key"})
    void hasNothingElse(String path) throws Exception {
        assertThat(ask("GET " + path))
                .startsWith("HTTP/1.1 404 Not Found\r\n")
                .contains("Content-Type: application/problem+json\r\n", "X-Content-Type-Options: nosniff\r\n")
                .endsWith("{\"status\":404,\"title\":\"Not Found\",\"detail\":\"path: nothing is there\"}");
    }

    @Test
    void answersHeadAsGetWithoutTheBody() throws Exception {
        String head = "HEAD /keys HTTP/1.1\r\nHost: gateway.example\r\n\r\n";
        assertThat(connector.getResponse(head, true, 5, TimeUnit.SECONDS))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Length: 3\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void saysWhichMethodsAPathHas() throws Exception {
        assertThat(ask("PUT /keys"))
                .startsWith("HTTP/1.1 405 ")
                .contains("Allow: GET, POST\r\n", "method: PUT (expected: GET or POST)");
        assertThat(ask("POST /keys/a")).startsWith("HTTP/1.1 405 ").contains("Allow: DELETE, GET\r\n");
        assertThat(ask("OPTIONS /keys", "Origin: https://app.example"))
                .startsWith("HTTP/1.1 405 ")
                .doesNotContain("Access-Control");
    }

    @Test
    void answersWithTheProblemThatARouteThrows() throws Exception {
        assertThat(ask("GET /busy"))
                .startsWith("HTTP/1.1 429 ")
                .contains("Retry-After: 7\r\n", "Cache-Control: no-store\r\n")
                .endsWith("\"detail\":\"key: too many\"}");
        assertThat(ask("GET /keys/%FF")).startsWith("HTTP/1.1 400 ").contains("key: not valid UTF-8");
    }

    @Test
    void takesNoBareBytesThatAreNotUtf8ForAnotherText() throws Exception {
        String head = "GET /keys/;a\u00FFb HTTP/1.1\r\nHost: gateway.example\r\n\r\n";
        ByteBuffer answer = connector.getResponse(StandardCharsets.ISO_8859_1.encode(head));
        assertThat(StandardCharsets.UTF_8.decode(answer).toString())
                .startsWith("HTTP/1.1 400 ")
                .contains("key: not valid UTF-8");
    }

    @Test
    void saysNothingOfWhatWentWrongInside() throws Exception {
        assertThat(ask("GET /broken"))
                .startsWith("HTTP/1.1 500 ")
                .contains("the gateway failed; its log says why")
                .doesNotContain("secret of the inside");
    }

    @Test
    void letsARouteAnswerFromAnotherThread() throws Exception {
        assertThat(ask("GET /later")).startsWith("HTTP/1.1 200 ").endsWith("later");
    }

    @Test
    void letsPagesOfAllowedOriginsReadTheAnswer() throws Exception {
        assertThat(ask("POST /open", "Origin: https://app.example"))
                .startsWith("HTTP/1.1 200 ")
                .contains(
                        "Access-Control-Allow-Origin: https://app.example\r\n",
                        "Access-Control-Expose-Headers: Retry-After\r\n",
                        "Vary: Origin\r\n")
                .doesNotContain("Access-Control-Allow-Credentials");
        assertThat(ask("POST /open", "Origin: https://gateway.example")).startsWith("HTTP/1.1 200 ");
        assertThat(ask("POST /open"))
                .startsWith("HTTP/1.1 200 ")
                .contains("Vary: Origin\r\n")
                .doesNotContain("Access-Control");
    }

    @Test
    void refusesPagesOfOtherOriginsSoThatTheyCanReadIt() throws Exception {
        assertThat(ask("POST /open", "Origin: https://evil.example"))
                .startsWith("HTTP/1.1 403 ")
                .contains("Access-Control-Allow-Origin: https://evil.example\r\n", "Vary: Origin\r\n")
                .contains("Origin: not among the origins");
    }

    @Test
    void answersPreflights() throws Exception {
        assertThat(ask("OPTIONS /open", "Origin: https://app.example", "Access-Control-Request-Method: POST"))
                .startsWith("HTTP/1.1 204 ")
                .contains(
                        "Access-Control-Allow-Origin: https://app.example\r\n",
                        "Access-Control-Allow-Methods: POST\r\n",
                        "Access-Control-Allow-Headers: Content-Type\r\n",
                        "Access-Control-Max-Age: 600\r\n");
        assertThat(ask("OPTIONS /open", "Origin: https://evil.example", "Access-Control-Request-Method: POST"))
                .startsWith("HTTP/1.1 403 ")
                .doesNotContain("Access-Control-Allow");
    }

    @Test
    void saysNothingToPagesWhereARouteIsNotForThem() throws Exception {
        assertThat(ask("GET /keys", "Origin: https://app.example"))
                .startsWith("HTTP/1.1 200 ")
                .doesNotContain("Access-Control", "Vary");
    }
}
