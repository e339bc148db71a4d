package org.channelgateway.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.channelgateway.config.ConfigException;
import org.channelgateway.nginx.RawHttps.Answer;
import org.channelgateway.server.RunningGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What nginx does to polls and connects. */
@Timeout(150)
@SuppressWarnings("NullAway.Init") // each test starts them in its own way, first of all
final class PollsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String XML = "text/xml; charset=utf-8";

    @TempDir
    Path folder;

    private RunningGateway gateway;
    private NginxProcess nginx;
    private RawHttps browser;

    private void start(String moreYaml, Map<String, String> settings) throws IOException, ConfigException {
        gateway = RunningGateway.start(folder, moreYaml);
        nginx = new NginxProcess("embedded", settings, gateway.uri());
        browser = new RawHttps(nginx.uri());
    }

    @AfterEach
    void stop() {
        nginx.close();
        gateway.close();
    }

    /** A session of a page: what connect has answered, and the next rid. */
    private static final class Session {
        private final String sid;
        private long rid;

        Session(JsonNode connected) {
            sid = connected.path("sid").textValue();
            rid = connected.path("rid").longValue();
        }

        String body() {
            return "<body xmlns='http://jabber.org/protocol/httpbind' sid='" + sid + "' rid='" + rid++ + "'/>";
        }
    }

    private String token(String key) throws IOException {
        return JSON.readTree(gateway.json("POST", "/v1/channels", "{\"key\":\"" + key + "\"}")
                        .body())
                .path("token")
                .textValue();
    }

    private Session session(String key) throws IOException {
        Answer answer = browser.post("/_ah/channel/connect", token(key), "Content-Type", "text/plain");
        assertThat(answer.status()).isEqualTo(200);
        return new Session(JSON.readTree(answer.body()));
    }

    private Answer poll(Session session) {
        return browser.post("/http-bind", session.body(), "Content-Type", XML);
    }

    @Test
    void areHeldForAMinuteAndAnsweredThen() throws Exception {
        start("", Map.of());

        Answer idle = poll(session("idle"));

        assertThat(idle.status()).isEqualTo(200);
        assertThat(idle.body()).startsWith("<body").doesNotContain("terminate", "<message");
    }

    @Test
    void areAnsweredAtOnceWithAMessage() throws Exception {
        start("", Map.of());
        Session session = session("key");
        try (RawHttps.Connection held = browser.open()) {
            held.write("POST", "/http-bind", session.body(), "Content-Type", XML);
            await().until(() ->
                    gateway.text("/v1/channels/key/messages", "Hello").body().contains("\"receivers\":1"));

            assertThat(held.answer().body()).contains("<body>Hello</body>");
        }
    }

    /** XEP-0124 §14.3: what comes meanwhile is in the answer to the same request, sent again. */
    @Test
    void loseNothingWhenTheBrowsersConnectionBreaks() throws Exception {
        start("", Map.of());
        String poll = session("key").body();
        try (RawHttps.Connection held = browser.open()) {
            held.write("POST", "/http-bind", poll, "Content-Type", XML);
            await().until(() -> heldPolls() == 1);
        }
        await().until(() ->
                nginx.accesses().stream().anyMatch(line -> line.contains(" POST /http-bind HTTP/1.1 499 ")));
        gateway.text("/v1/channels/key/messages", "Hello");

        assertThat(browser.post("/http-bind", poll, "Content-Type", XML).body()).contains("<body>Hello</body>");
    }

    private long heldPolls() {
        return gateway.send("GET", "/metrics", "")
                .body()
                .lines()
                .filter(line -> line.startsWith("gateway_held_polls "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void getNo4xxWhileTheGatewayIsAwayButATimeToComeAgain() throws Exception {
        start("", Map.of());
        Session session = session("key");
        gateway.close();

        for (int i = 0; i < 10; i++) {
            Answer away = browser.post(
                    "/http-bind", session.body(), "Content-Type", XML, "Origin", "https://www.example.org");
            assertThat(away.status()).isEqualTo(503);
            assertThat(away.header("Retry-After")).matches("[1-4]");
            assertThat(away.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(away.header("Access-Control-Allow-Origin")).isEqualTo("https://www.example.org");
            assertThat(away.header("Access-Control-Expose-Headers")).isEqualTo("Retry-After");
        }
        assertThat(browser.post("/_ah/channel/connect", "token").status()).isEqualTo(503);
    }

    @Test
    void getNo4xxBeyondTheBoundsOfAnAddress() throws Exception {
        start("", Map.of("NGINX_POLLS_PER_SECOND", "1", "NGINX_POLLS_AT_ONCE", "3", "NGINX_CALLS_PER_SECOND", "1"));
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            statuses.add(browser.post("/http-bind", "<body/>").status());
        }

        assertThat(statuses).contains(200, 503).containsOnly(200, 503);
        assertThat(new RawHttps(nginx.uri(), 7).post("/http-bind", "<body/>").status())
                .as("another address")
                .isEqualTo(200);
    }

    @Test
    void areBoundByTheRequestsUnderWayOfAnAddress() throws Exception {
        start("", Map.of("NGINX_REQUESTS_PER_ADDRESS", "2"));
        Session first = session("key");
        Session second = session("key");
        try (RawHttps.Connection one = browser.open();
                RawHttps.Connection two = browser.open()) {
            one.write("POST", "/http-bind", first.body(), "Content-Type", XML);
            two.write("POST", "/http-bind", second.body(), "Content-Type", XML);
            await().until(() -> heldPolls() == 2);

            assertThat(browser.post("/http-bind", "<body/>").status()).isEqualTo(503);
            assertThat(new RawHttps(nginx.uri(), 7)
                            .post("/http-bind", "<body/>")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void areNotBoundWhereTheAddressIsExempt() throws Exception {
        start("", Map.of("NGINX_POLLS_PER_SECOND", "1", "NGINX_POLLS_AT_ONCE", "1", "NGINX_EXEMPT", "127.0.0.0/8"));

        for (int i = 0; i < 20; i++) {
            assertThat(browser.post("/http-bind", "<body/>").status()).isEqualTo(200);
        }
    }

    @Test
    void endWithAConditionWhenTheyAreTooLong() throws Exception {
        start("", Map.of());

        Answer answer = browser.post("/http-bind", "x".repeat(65 * 1024), "Content-Type", XML);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo(XML);
        assertThat(answer.body()).contains("type='terminate' condition='policy-violation'");
    }

    @Test
    void countForTheAddressThatNginxHasThemFrom() throws Exception {
        start("http: {trustedProxies: [127.0.0.1]}\nlimits: {sessionsPerAddress: 1, exempt: []}\n", Map.of());
        RawHttps other = new RawHttps(nginx.uri(), 7);
        session("key");

        assertThat(browser.post("/_ah/channel/connect", token("key")).status()).isEqualTo(429);
        assertThat(browser.post("/_ah/channel/connect", token("key"), "X-Forwarded-For", "203.0.113.5")
                        .status())
                .as("what a client says of itself")
                .isEqualTo(429);
        assertThat(other.post("/_ah/channel/connect", token("key")).status()).isEqualTo(200);
        assertThat(other.post("/_ah/channel/connect", token("key")).status()).isEqualTo(429);
    }

    @Test
    void goToTheGatewayThatIsThere() throws Exception {
        start("", Map.of());
        NginxProcess both = new NginxProcess("cluster", Map.of(), URI.create("http://127.0.0.1:1"), gateway.uri());
        try {
            RawHttps client = new RawHttps(both.uri());
            await().until(() -> {
                for (int i = 0; i < 6; i++) {
                    if (client.post("/http-bind", "<body/>").status() != 200) {
                        return false;
                    }
                }
                return true;
            });
        } finally {
            both.close();
        }
    }
}
