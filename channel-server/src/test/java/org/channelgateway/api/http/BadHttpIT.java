package org.channelgateway.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
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

/** HTTP as no library sends it: bodies without an end, broken requests, forged origins. The gateway serves on. */
final class BadHttpIT {
    private static final int LONG_BYTES = 10 << 20;

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

    @ParameterizedTest
    @CsvSource({
        "/v1/channels, application/json",
        "/v1/messages, application/json",
        "/v1/revoke, application/json",
        "/v1/channels/k/messages, text/plain",
        "/_ah/channel/disconnect, text/plain",
    })
    void refusesABodyOfTenMegabytes(String path, String type) throws IOException {
        for (String answer : answersToTenMegabytes(path, type)) {
            assertThat(answer)
                    .startsWith("HTTP/1.1 413 ")
                    .contains("Connection: close\r\n", "Content-Type: application/problem+json\r\n");
        }
    }

    @Test
    void takesATokenOfTenMegabytesForNone() throws IOException {
        for (String answer : answersToTenMegabytes("/_ah/channel/connect", "text/plain")) {
            assertThat(answer).startsWith("HTTP/1.1 401 ").contains("Invalid+token.");
        }
    }

    @Test
    void answersABodyOfTenMegabytesWithACondition() throws IOException {
        for (String answer : answersToTenMegabytes("/http-bind", "text/xml")) {
            assertThat(answer).startsWith("HTTP/1.1 200 ").contains("type='terminate' condition='policy-violation'");
        }
    }

    /** What is said when they are announced and hardly begun, when they are announced and sent, and to chunks. */
    private static String[] answersToTenMegabytes(String path, String type) throws IOException {
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type
                + "\r\nAuthorization: Bearer " + RunningGateway.SECRET + "\r\n";
        String whole = head + "Content-Length: " + LONG_BYTES + "\r\n\r\n";
        String chunked = head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(LONG_BYTES) + "\r\n";
        return new String[] {
            raw(whole + "x"), raw(whole + "x".repeat(LONG_BYTES)), raw(chunked + "x".repeat(LONG_BYTES))
        };
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

    /** A form or a simple request, which a browser sends without a preflight. */
    @Test
    void givesAPageOfAnotherOriginNothingWithoutAPreflight() throws IOException {
        String creation =
                "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='localhost' wait='1' hold='1'/>";
        String batch = "[{\"keys\":[\"k\"],\"message\":\"m\"}]";
        String head = " HTTP/1.1\r\nHost: gateway.example\r\nConnection: close\r\nOrigin: http://evil.example\r\n"
                + "Content-Type: text/plain\r\nCookie: a=b\r\nContent-Length: ";
        assertThat(raw("POST /http-bind" + head + creation.length() + "\r\n\r\n" + creation))
                .startsWith("HTTP/1.1 403 ")
                .doesNotContain("sid=", "Set-Cookie", "Access-Control-Allow-Credentials");
        assertThat(raw("POST /v1/messages" + head + batch.length() + "\r\n\r\n" + batch))
                .startsWith("HTTP/1.1 401 ")
                .doesNotContain("Set-Cookie", "Access-Control-Allow");
        assertThat(raw("POST /_ah/channel/disconnect" + head + "3\r\n\r\nsid"))
                .startsWith("HTTP/1.1 403 ")
                .doesNotContain("Set-Cookie");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
                "Connection: close, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            })
    void speaksNothingButHttp11(String headers) throws IOException {
        assertThat(raw("GET /healthz HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .doesNotContainIgnoringCase("upgrade:");
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

    /** Sends it all, or what the gateway takes before it closes, and answers what the gateway said. */
    private static String raw(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), gateway.uri().getPort())) {
            socket.setSoTimeout(20_000);
            send(socket.getOutputStream(), request.getBytes(StandardCharsets.ISO_8859_1));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                socket.getInputStream().transferTo(answer);
            } catch (SocketException e) {
                // closed with bytes of ours unread, after its answer
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    private static void send(OutputStream out, byte[] request) throws IOException {
        try {
            out.write(request);
        } catch (SocketException e) {
            // closed before it was all sent; the answer is there
        }
    }
}
