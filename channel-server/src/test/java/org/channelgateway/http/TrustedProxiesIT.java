package org.channelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.channelgateway.limit.Networks;
import org.channelgateway.stats.RefusalCounts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose address a request has; every address of 127.0.0.0/8 is another one. */
@Timeout(60)
final class TrustedProxiesIT {
    private final HttpServer server = new HttpServer(
            new HttpConfig(
                    "127.0.0.1",
                    0,
                    Duration.ofMinutes(2),
                    8192,
                    false,
                    TrustedProxies.of(List.of("127.0.0.2", "10.1.0.0/16", "2001:db8::/32"))),
            new HttpLimits(
                    HttpLimits.DEFAULT.requestTime(),
                    HttpLimits.DEFAULT.answerTime(),
                    HttpLimits.DEFAULT.idle(),
                    100,
                    2,
                    new Networks(Set.of())),
            System::nanoTime,
            new RefusalCounts());

    TrustedProxiesIT() throws IOException {
        server.start(
                List.of(Route.get(
                        "/",
                        call -> call.answer(200, "text/plain", call.address().getBytes(StandardCharsets.UTF_8)))),
                new Origins(Set.of()));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Socket connect(int from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) from}), 0));
        socket.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.uri().getPort()));
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** The address that a request has which comes from 127.0.0.{@code from} with these headers. */
    private String address(int from, String... forwarded) throws IOException {
        try (Socket socket = connect(from)) {
            String headers = Arrays.stream(forwarded)
                    .map(line -> "X-Forwarded-For: " + line + "\r\n")
                    .collect(Collectors.joining());
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + headers + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.5 | 203.0.113.5",
                "203.0.113.5, 10.1.2.3 | 203.0.113.5",
                "9.9.9.9, 203.0.113.5, 10.1.2.3, 10.1.255.255 | 203.0.113.5",
                "203.0.113.5:4711 | 203.0.113.5",
                "10.2.0.1 , 10.1.0.1 | 10.2.0.1",
                "2a00::1 | 2a00:0:0:0:0:0:0:1",
                "[2a00::1] | 2a00:0:0:0:0:0:0:1",
                "[2a00::1]:443 | 2a00:0:0:0:0:0:0:1",
                "203.0.113.5, 2001:db8:ffff::1 | 203.0.113.5",
                "10.1.0.1, 10.1.0.2 | 10.1.0.1",
                "unknown | 127.0.0.2",
                "localhost | 127.0.0.2",
                "203.0.113.5, _hidden, 10.1.0.1 | 10.1.0.1",
                "203.0.113.5, | 127.0.0.2",
            })
    void isTheLastOneThatNoTrustedProxyHas(String said, String expected) throws IOException {
        assertThat(address(2, said)).isEqualTo(expected);
    }

    @Test
    void isThatOfTheProxyWhichSaysNothing() throws IOException {
        assertThat(address(2)).isEqualTo("127.0.0.2");
    }

    @Test
    void readsHeadersThatAreRepeatedAsOne() throws IOException {
        assertThat(address(2, "203.0.113.5", "10.1.2.3")).isEqualTo("203.0.113.5");
        assertThat(address(2, "10.1.2.3", "203.0.113.5")).isEqualTo("203.0.113.5");
    }

    @Test
    void isNotWhatAStrangerSays() throws IOException {
        assertThat(address(3, "203.0.113.5")).isEqualTo("127.0.0.3");
        assertThat(address(3, "127.0.0.2, 10.1.2.3")).isEqualTo("127.0.0.3");
    }

    @Test
    void looksPastSixteenProxiesAndNoFurther() throws IOException {
        String proxies = ", 10.1.0.1".repeat(15);
        assertThat(address(2, "203.0.113.5" + proxies)).isEqualTo("203.0.113.5");
        assertThat(address(2, "203.0.113.5, 10.1.0.9" + proxies)).isEqualTo("10.1.0.9");
        assertThat(address(2, "203.0.113.5" + ", 10.1.0.1".repeat(600))).isEqualTo("10.1.0.1");
    }

    @Test
    void theConnectionsOfATrustedProxyAreNotBoundByItsAddress() throws IOException {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                open.add(connect(2));
                open.add(connect(3));
            }
            assertThat(address(2, "203.0.113.5")).isEqualTo("203.0.113.5");
            assertThat(address(3)).contains("connections: too many");
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }
}
