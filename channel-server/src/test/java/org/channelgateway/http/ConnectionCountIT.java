package org.channelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.channelgateway.limit.Networks;
import org.channelgateway.socket.RefusedConnection;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.RefusalCounts.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many connections there may be; every address of 127.0.0.0/8 is another one. */
@Timeout(60)
final class ConnectionCountIT {
    private static final String GET = "GET /here HTTP/1.1\r\nHost: a\r\n\r\n";

    private final RefusalCounts refusals = new RefusalCounts();
    private final HttpServer server = new HttpServer(
            new HttpConfig("127.0.0.1", 0, Duration.ofMinutes(2), 8192),
            new HttpLimits(
                    HttpLimits.DEFAULT.requestTime(),
                    HttpLimits.DEFAULT.answerTime(),
                    HttpLimits.DEFAULT.idle(),
                    5,
                    2,
                    new Networks(Set.of("127.0.0.9"))),
            System::nanoTime,
            refusals);

    ConnectionCountIT() throws IOException {
        server.start(List.of(Route.get("/here", call -> call.answer(204))), new Origins(Set.of()));
    }

    @AfterEach
    void nothingIsLeftOpen() {
        await().until(() -> Routers.connections(server) == 0);
        server.close();
    }

    /** @param from the last number of the client's address, 127.0.0.x */
    private Socket connect(int from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) from}), 0));
        socket.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.uri().getPort()));
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String ask(Socket socket) throws IOException {
        socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = socket.getInputStream().read();
            assertThat(octet).as("end of %s", head).isNotNegative();
            head.append((char) octet);
        }
        return head.toString();
    }

    private void assertServed(Socket socket) throws IOException {
        assertThat(ask(socket)).startsWith("HTTP/1.1 204 ");
    }

    private void assertRefused(Socket socket) throws IOException {
        assertThat(ask(socket))
                .startsWith("HTTP/1.1 503 ")
                .containsPattern("Retry-After: ([5-9]|10)\r\n")
                .contains("Connection: close\r\n", "Content-Type: application/problem+json\r\n");
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"status\":503,\"title\":\"Service Unavailable\","
                        + "\"detail\":\"connections: too many (expected: fewer, later)\"}");
    }

    @Test
    void refusesTheConnectionThatIsOneTooManyOfItsAddressAndServesTheOthers() throws IOException {
        try (Socket first = connect(2);
                Socket second = connect(2)) {
            assertServed(first);
            assertServed(second);
            try (Socket third = connect(2)) {
                assertRefused(third);
            }
            try (Socket other = connect(3)) {
                assertServed(other);
            }
            assertServed(first);
        }
        assertThat(refusals.all()).isEqualTo(Map.of(new Refusal("http", "too-many-of-address"), 1L));
        await().until(() -> Routers.connections(server) == 0);
        try (Socket again = connect(2)) {
            assertServed(again);
        }
    }

    @Test
    void closesWithoutAWordThoseThatComeWhileManyAreTold() throws IOException {
        List<Socket> held = new ArrayList<>();
        try (Socket first = connect(2);
                Socket second = connect(2)) {
            assertServed(first);
            assertServed(second);
            int told = 0;
            int silent = 0;
            while (silent == 0) { // each that is told stays for as long as two seconds
                Socket refused = connect(2);
                held.add(refused);
                assertThat(told).isLessThan(20 * RefusedConnection.MOST_TOLD);
                boolean isTold = refused.getInputStream().readAllBytes().length > 0;
                told += isTold ? 1 : 0;
                silent += isTold ? 0 : 1;
            }
            assertThat(told).isGreaterThanOrEqualTo(RefusedConnection.MOST_TOLD);
            for (Socket refused : held) {
                refused.close();
            }
            await().untilAsserted(() -> {
                try (Socket refused = connect(2)) {
                    assertRefused(refused);
                }
            });
        }
    }

    @Test
    void countsAProxyOnlyAmongAll() throws IOException {
        try (Socket a = connect(9);
                Socket b = connect(9);
                Socket c = connect(9);
                Socket d = connect(9);
                Socket e = connect(9)) {
            for (Socket socket : List.of(a, b, c, d, e)) {
                assertServed(socket);
            }
            try (Socket sixth = connect(9)) {
                assertRefused(sixth);
            }
        }
        assertThat(refusals.all()).isEqualTo(Map.of(new Refusal("http", "too-many"), 1L));
    }
}
