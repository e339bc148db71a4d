package org.channelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.channelgateway.stats.RefusalCounts;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.LocalConnector.LocalEndPoint;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Jetty says by itself. */
final class ProblemErrorHandlerTest {
    private static final String HELD = "GET /held HTTP/1.1\r\nHost: a\r\n\r\n";

    private final Queue<Call> held = new ConcurrentLinkedQueue<>();
    private final RefusalCounts refusals = new RefusalCounts();
    private final LocalConnector connector = Routers.connector(
            refusals, Route.get("/held", held::add), Route.get("/failing", call -> call.fail(new Exception("inside"))));
    private final GracefulHandler graceful = new GracefulHandler();

    @BeforeEach
    void start() throws Exception {
        graceful.setHandler(connector.getServer().getHandler());
        connector.getServer().setHandler(graceful);
        connector.getServer().start();
    }

    @AfterEach
    void stop() throws Exception {
        connector.getServer().stop();
    }

    private void assertCounted(String reason) {
        assertThat(refusals.all()).isEqualTo(Map.of(new RefusalCounts.Refusal("http", reason), 1L));
    }

    private static void assertProblem(String answer, int status) {
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .contains(
                        "Content-Type: application/problem+json\r\n",
                        "Cache-Control: no-store\r\n",
                        "X-Content-Type-Options: nosniff\r\n",
                        "\r\n\r\n{\"status\":" + status + ",\"title\":\"");
    }

    @ParameterizedTest
    @CsvSource({
        "'GARBAGE', 400, malformed",
        "'GET / HTTP/1.1', 400, malformed",
        "'GET / HTTP/1.1|Host: a|Host: b', 400, malformed",
        "'GET /%zz HTTP/1.1|Host: a', 400, malformed",
        "'GET / HTTP/1.1|Host: a|Content-Length: x', 400, malformed",
        "'GET / HTTP/9.9|Host: a', 505, version",
    })
    void saysThatARequestIsNone(String lines, int status, String reason) throws Exception {
        assertProblem(connector.getResponse(lines.replace("|", "\r\n") + "\r\n\r\n"), status);
        assertCounted(reason);
    }

    @Test
    void saysThatHeadersAreTooLong() throws Exception {
        String answer = connector.getResponse("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(3000) + "\r\n\r\n");

        assertProblem(answer, 431);
        assertCounted("header-too-large");
    }

    @Test
    void saysNothingOfWhatFailedInside() throws Exception {
        String answer = connector.getResponse("GET /failing HTTP/1.1\r\nHost: a\r\n\r\n");

        assertProblem(answer, 500);
        assertThat(answer)
                .contains("\"detail\":\"the gateway failed; its log says why\"")
                .doesNotContain("inside");
        assertThat(refusals.all()).isEmpty();
    }

    @Test
    void saysWhenToComeAgainWhileTheGatewayStops() throws Exception {
        LocalEndPoint before = connector.connect();
        before.addInput(HELD);
        await().until(() -> held.size() == 1);

        CompletableFuture<Void> done = graceful.shutdown();
        String refused = connector.getResponse(HELD);

        assertProblem(refused, 503);
        assertThat(refused)
                .containsPattern("Retry-After: ([5-9]|10)\r\n")
                .endsWith("\"title\":\"Service Unavailable\",\"detail\":\"the gateway is stopping\"}");
        assertThat(held).as("requests that reached a route").hasSize(1);
        assertCounted("stopping");

        assertThat(done).isNotDone();
        held.remove().answer(204);
        assertThat(before.getResponse()).startsWith("HTTP/1.1 204 ");
        done.get(10, TimeUnit.SECONDS);
    }
}
