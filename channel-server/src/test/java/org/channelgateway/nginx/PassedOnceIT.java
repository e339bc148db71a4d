package org.channelgateway.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of a poll reaches gateways, and how often, whatever its two ends do: the gateways are servers that write down what they see. */
final class PassedOnceIT {
    private static final String POLL = "<body rid='%d'/>";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> begun = new CopyOnWriteArrayList<>();
    private final List<String> whole = new CopyOnWriteArrayList<>();
    private volatile boolean breaks;
    private HttpServer first;
    private HttpServer second;
    private NginxProcess nginx;
    private RawHttps browser;

    @BeforeEach
    void start() throws IOException {
        first = gateway();
        second = gateway();
        nginx = new NginxProcess("cluster", Map.of(), uri(first), uri(second));
        browser = new RawHttps(nginx.uri());
    }

    @AfterEach
    void stop() {
        nginx.close();
        first.stop(0);
        second.stop(0);
        threads.shutdownNow();
    }

    private HttpServer gateway() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        return server;
    }

    private static URI uri(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            begun.add(path);
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            whole.add(body);
            if (!breaks) {
                exchange.sendResponseHeaders(200, body.length());
                exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
            } // else its connection is closed
        }
    }

    /** Over new connections, and over one that has served before. */
    @Test
    void aPollWhoseGatewayBreaksOffIsNotSentToAnotherOne() {
        String path = "/http-bind/node/1/a";
        assertThat(browser.post(path, POLL.formatted(0)).status()).isEqualTo(200);
        breaks = true;

        for (int rid = 1; rid <= 2; rid++) { // a third one, and nginx would leave this gateway out
            assertThat(browser.post(path, POLL.formatted(rid)).status()).isEqualTo(503);
        }

        assertThat(whole).containsExactly(POLL.formatted(0), POLL.formatted(1), POLL.formatted(2));
    }

    @Test
    void aPollThatDripsReachesAGatewayWhenItIsWhole() throws IOException {
        String dripping = "<body>" + "x".repeat(8) + "</body>";
        try (Socket slow = SelfSigned.trusting()
                .getSocketFactory()
                .createSocket(nginx.uri().getHost(), nginx.uri().getPort())) {
            OutputStream out = slow.getOutputStream();
            out.write(("POST /http-bind/node/1/slow HTTP/1.1\r\nHost: "
                            + nginx.uri().getAuthority() + "\r\nContent-Type: text/xml\r\nContent-Length: "
                            + dripping.length() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < dripping.length(); i++) {
                assertThat(begun).doesNotContain("/http-bind/node/1/slow");
                out.write(dripping.charAt(i));
                assertThat(browser.post("/http-bind/node/1/" + i, POLL.formatted(i))
                                .status())
                        .as("one that comes meanwhile")
                        .isEqualTo(200);
            }

            await().until(() -> whole.contains(dripping));
            assertThat(begun).containsOnlyOnce("/http-bind/node/1/slow");
        }
    }
}
