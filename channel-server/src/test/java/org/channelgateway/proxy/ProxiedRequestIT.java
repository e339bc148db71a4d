package org.channelgateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.channelgateway.server.RunningGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application gets of a request, and a client of its answer. */
@Timeout(60)
final class ProxiedRequestIT {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @TempDir
    Path folder;

    private RawApplication application;
    private SharedAddress shared;

    @BeforeEach
    void start() throws Exception {
        application = RawApplication.saying(OK);
        shared = new SharedAddress(folder, application.uri());
    }

    @AfterEach
    void stop() {
        shared.close();
        application.close();
    }

    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/?",
                "/a?b=c&d=%20+%zz",
                "/a//b/./../c;x=1;y/%2F%2f%25",
                "//elsewhere.example/x",
                "/[x]|{y}^`\"<z>",
                "/?{\"a\":[1|2]}",
                "/%u0041",
                "/é/日本?ü=ö",
                "/_ah/login?continue=/",
                "/v1/channels",
                "/healthz",
                "/x:80/@y"
            })
    void passesThePathAndTheQueryAsTheyWereSent(String target) throws IOException {
        assertThat(shared.line("GET " + target))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("\r\n\r\nok");
        assertThat(utf8(application.lastHead())).startsWith("GET " + target + " HTTP/1.1\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "M-SEARCH"})
    void passesEveryMethod(String method) throws IOException {
        assertThat(shared.line(method + " /x", "Content-Length: 0")).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(application.lastHead()).startsWith(method + " /x HTTP/1.1\r\n");
    }

    @Test
    void passesOptionsOfTheServerAndAnAbsoluteAddress() throws IOException {
        shared.line("OPTIONS *");
        assertThat(application.lastHead()).startsWith("OPTIONS * HTTP/1.1\r\n");
        shared.line("GET http://" + shared.host() + "/x?y");
        assertThat(application.lastHead()).startsWith("GET /x?y HTTP/1.1\r\n");
    }

    @Test
    void keepsTheHostAndSaysWhoAsked() throws IOException {
        shared.line("GET /");
        assertThat(application.values("Host")).containsExactly(shared.host());
        assertThat(application.values("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(application.values("X-Forwarded-Host")).containsExactly(shared.host());
        assertThat(application.values("X-Forwarded-Proto")).containsExactly("http");
        assertThat(application.values("Forwarded"))
                .containsExactly("for=127.0.0.1;host=\"" + shared.host() + "\";proto=http");
        assertThat(application.values("Via")).singleElement().asString().startsWith("1.1 gateway-");
    }

    @Test
    void addsToWhatAProxyOnThisMachineSaid() throws IOException {
        shared.line(
                "GET /",
                "X-Forwarded-For: 192.0.2.1",
                "X-Forwarded-Proto: https",
                "Via: 1.1 front",
                "Forwarded: for=a");
        assertThat(application.values("X-Forwarded-For")).containsExactly("192.0.2.1, 127.0.0.1");
        assertThat(application.values("X-Forwarded-Proto")).containsExactly("https");
        assertThat(application.values("Via")).singleElement().asString().startsWith("1.1 front, 1.1 gateway-");
        assertThat(application.values("Forwarded")).singleElement().asString().startsWith("for=a, for=127.0.0.1;");
    }

    @Test
    void passesHeadersOfTheRequestButNotThoseOfTheConnection() throws IOException {
        shared.line(
                "GET /",
                "Cookie: a=1; b=2",
                "Accept-Encoding: gzip, br",
                "Range: bytes=0-1",
                "X-Name: \u00e4 value",
                "Keep-Alive: timeout=5",
                "TE: trailers",
                "Proxy-Connection: keep-alive",
                "Connection: X-Private",
                "X-Private: 1",
                "X-Original-URL: /_ah/channel/connected/",
                "X-Rewrite-URL: /_ah/channel/connected/");
        assertThat(application.values("Cookie")).containsExactly("a=1; b=2");
        assertThat(application.values("Accept-Encoding")).containsExactly("gzip, br");
        assertThat(application.values("Range")).containsExactly("bytes=0-1");
        assertThat(utf8(application.values("X-Name").get(0))).isEqualTo("\u00e4 value");
        assertThat(application.values("Connection")).containsExactly("close");
        assertThat(application.values("User-Agent")).isEmpty();
        assertThat(application.values("Content-Type")).isEmpty();
        for (String name :
                List.of("Keep-Alive", "TE", "Proxy-Connection", "X-Private", "X-Original-URL", "X-Rewrite-URL")) {
            assertThat(application.values(name)).as(name).isEmpty();
        }
    }

    @Test
    void takesTheCookiesOfALargeApplication() throws IOException {
        String cookie = "c=" + "x".repeat(20_000);
        assertThat(shared.line("GET /", "Cookie: " + cookie)).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(application.values("Cookie")).containsExactly(cookie);
    }

    @Test
    void passesTheAnswerAsItIs() throws IOException {
        application.answers((head, client) -> RawApplication.say(client, """
                HTTP/1.1 299 Of its own\r
                Server: its own\r
                Set-Cookie: a=1; Path=/\r
                Set-Cookie: b=2; HttpOnly\r
                Content-Encoding: gzip\r
                Date: Thu, 01 Jan 1970 00:00:00 GMT\r
                Keep-Alive: timeout=5\r
                X-Large: %s\r
                Content-Length: 4\r
                \r
                \u001f\u008b\b\0""".formatted("x".repeat(20_000))));
        String answer = shared.line("GET /");
        assertThat(answer)
                .startsWith("HTTP/1.1 299 ")
                .contains("\r\nServer: its own\r\n")
                .contains("\r\nSet-Cookie: a=1; Path=/\r\n")
                .contains("\r\nSet-Cookie: b=2; HttpOnly\r\n")
                .contains("\r\nContent-Encoding: gzip\r\n")
                .contains("\r\nContent-Length: 4\r\n")
                .containsOnlyOnce("\r\nDate: ")
                .contains("\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n")
                .doesNotContain("Keep-Alive", "nosniff")
                .endsWith("\r\n\r\n\u001f\u008b\b\0");
    }

    @Test
    void keepsTheLengthOfAHeadAndSendsNoneWithoutContent() throws IOException {
        application.answers((head, client) -> RawApplication.say(
                client,
                "HTTP/1.1 " + (head.contains("/304") ? "304 Not Modified" : "200 OK")
                        + "\r\nContent-Length: 9\r\nETag: \"e\"\r\n\r\n"));
        assertThat(shared.line("HEAD /x")).contains("\r\nContent-Length: 9\r\n").endsWith("\r\n\r\n");
        assertThat(shared.line("GET /304"))
                .startsWith("HTTP/1.1 304 ")
                .contains("\r\nETag: \"e\"\r\n")
                .doesNotContain("Content-Length", "chunked")
                .endsWith("\r\n\r\n");
    }

    @Test
    void leadsARedirectToTheSharedAddress() throws IOException {
        application.answers((head, client) -> RawApplication.say(
                client,
                "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
                        + (head.startsWith("GET /own") ? application.uri() + "/x?y#z" : "http://other.example/")
                        + "\r\n\r\n"));
        assertThat(shared.line("GET /own")).contains("\r\nLocation: " + shared.uri() + "x?y#z\r\n");
        assertThat(shared.line("GET /other")).contains("\r\nLocation: http://other.example/\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/_ah/channel/connected/",
                "/_ah/channel/disconnected/",
                "/_ah/channel/%63onnected/",
                "/_ah/channel/nothing",
                "//_ah/channel/connected/",
                "/_ah/./channel/connected/",
                "/x/../_ah/channel/connected/",
                "/x/%2e%2e/_ah/channel/connected/",
                "/_ah%2fchannel%2fconnected%2f",
                "/_ah;a/channel;b/connected/",
                "/_ah;a%2fb/channel/connected/",
                "/_AH/CHANNEL/CONNECTED/",
                "/_ah\\channel\\connected\\",
                "/%255fah/channel/connected/",
                "/_ah/channel/../channel/connected/",
                "http://other.example/_ah/channel/connected/",
                "/http-bind/x"
            })
    void letsNobodyOutsideReachTheApplicationsCallbacks(String target) throws IOException {
        assertThat(shared.raw("POST " + target + " HTTP/1.1\r\nHost: " + shared.host()
                        + "\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"))
                .startsWith("HTTP/1.1 40");
        assertThat(application.heads()).isEmpty();
    }

    @Test
    void hidesNoRequestInTheBodyOfAnother() throws IOException {
        String hidden = "POST /_ah/channel/connected/ HTTP/1.1\r\nHost: a\r\n\r\n";
        shared.raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + hidden.length() + "\r\n\r\n"
                + hidden);
        assertThat(application.heads()).hasSize(1);
        assertThat(application.values("Connection")).containsExactly("close");
    }

    @Test
    void servesApplicationsAndOperatorsAtAnotherAddress() throws Exception {
        URI admin = shared.gateway().admin();
        assertThat(admin.getPort()).isNotEqualTo(shared.uri().getPort());
        for (String path : List.of("healthz", "readyz", "metrics", "v1/channels")) {
            HttpResponse<String> answer = shared.send(HttpRequest.newBuilder(admin.resolve(path))
                    .header("Authorization", "Bearer " + RunningGateway.SECRET)
                    .build());
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.body()).as(path).isNotEqualTo("ok");
            assertThat(shared.get("/" + path).body()).as(path).isEqualTo("ok");
        }
        assertThat(shared.send(HttpRequest.newBuilder(admin.resolve("_ah/channel/jsapi"))
                                .build())
                        .statusCode())
                .isEqualTo(404);
        assertThat(shared.get("/_ah/channel/jsapi").headers().firstValue("content-type"))
                .contains("text/javascript; charset=utf-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%zz", "/50%"})
    void refusesAPathWithAPercentSignThatIsNoEscape(String target) throws IOException {
        assertThat(shared.line("GET " + target)).startsWith("HTTP/1.1 400 ");
        assertThat(application.heads()).isEmpty();
    }

    @Test
    void findsThatItWouldAskItself() throws Exception {
        shared.line("GET /");
        String via = application.values("Via").get(0);
        assertThat(shared.line("GET /", "Via: " + via)).startsWith("HTTP/1.1 508 ");
        assertThat(application.heads()).hasSize(1);
    }

    @Test
    void isNoProxyForOtherHosts() throws IOException {
        assertThat(shared.raw(
                        "CONNECT other.example:80 HTTP/1.1\r\nHost: other.example:80\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ");
        assertThat(application.heads()).isEmpty();
    }
}
