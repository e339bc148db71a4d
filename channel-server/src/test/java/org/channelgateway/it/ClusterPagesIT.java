package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.channelgateway.fixture.PostgresServer;
import org.channelgateway.nginx.NginxProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pages in Chromium, over TLS and nginx, whose gateways and whose XMPP server are not always there. */
@ExtendWith(Browser.Shared.class)
final class ClusterPagesIT {
    private static final int TABS = 2;
    private static final int SOCKETS_OF_TAB = 3;
    private static final Duration GO_ON = Duration.ofSeconds(10);
    private static final Duration RECOVERY = Duration.ofSeconds(30);
    private static final int MORE = 50;

    private static Browser browser;
    private static PageServer pages;
    private static ClusterServers servers;

    private final String key = "pages-" + UUID.randomUUID();

    @BeforeAll
    static void start(Browser shared) {
        browser = shared;
        pages = new PageServer();
        servers = new ClusterServers(PostgresServer.shared());
    }

    @AfterAll
    static void stop() {
        servers.close();
        pages.close();
    }

    @AfterEach
    void leaveNothing() {
        browser.closePages();
    }

    @Test
    void connectsThroughOneGatewayWhatTheOtherOneHasMadeAndGetsWhatThatOneSends() {
        try (ClusterGateway gateways = new ClusterGateway(FixtureSettings.pagesOf(pages), servers);
                NginxProcess nginx = new NginxProcess("cluster", Map.of("NGINX_EXEMPT", "127.0.0.1"), gateways.uri())) {
            ChannelApi other = gateways.api(); // nginx does not know it
            PageSocket socket =
                    browser.open(pages.page(nginx.uri())).open(other.token(key)).awaitOpen();
            List<String> sent =
                    IntStream.range(0, 20).mapToObj(i -> "message " + i).toList();

            for (String message : sent) {
                assertThat(other.send(key, message)).isEqualTo(1);
            }

            socket.awaitMessages(sent.size());
            assertThat(socket.messages()).isEqualTo(sent);
            browser.closePages();
            await().until(() -> other.subscribers(key).orElse(0) == 0);
        }
    }

    @Test
    void goesOnAtTheOtherGatewayWhenOneIsKilled() {
        try (ClusterProcesses cluster = new ClusterProcesses(servers, pages.origin())) {
            List<PageSocket> sockets = open(cluster);
            ClusterPublisher killed = new ClusterPublisher(cluster.first().uri(), key, "first");
            ClusterPublisher living = new ClusterPublisher(cluster.second().uri(), key, "second");
            ClusterPublisher either = new ClusterPublisher(cluster.nginx().inside(), key, "any");
            try (killed;
                    living;
                    either) {
                Stream.of(killed, living, either).forEach(one -> awaitFrom(sockets, one, one.next(), GO_ON));

                cluster.first().kill();

                awaitFrom(sockets, living, living.next(), GO_ON);
                awaitFrom(sockets, either, either.next(), GO_ON);
                awaitMore(living);
            }

            arrived(sockets, killed, 0);
            arrived(sockets, living, 0);
            arrived(sockets, either, 0);
            assertThat(living.refused()).isEmpty();
            assertThat(living.unanswered()).isEmpty();
            assertThat(killed.refused()).isEmpty();
            stayOpen(sockets);
        }
    }

    @Test
    void comesBackWhenTheXmppServerComesBack() {
        try (ClusterProcesses cluster = new ClusterProcesses(servers, pages.origin())) {
            List<PageSocket> sockets = open(cluster);
            ClusterPublisher publisher = new ClusterPublisher(cluster.first().uri(), key, "one");
            int recovered;
            try (publisher) {
                awaitFrom(sockets, publisher, publisher.next(), RECOVERY);

                servers.ejabberd().kill();
                await().atMost(RECOVERY).until(() -> !publisher.refused().isEmpty());
                servers.startEjabberd();

                awaitFrom(sockets, publisher, publisher.next(), RECOVERY);
                recovered = publisher.next();
                awaitMore(publisher);
            }

            arrived(sockets, publisher, recovered);
            stayOpen(sockets);
        }
    }

    private List<PageSocket> open(ClusterProcesses cluster) {
        URI page = pages.page(cluster.nginx().uri());
        List<PageSocket> sockets = new ArrayList<>();
        for (int tab = 0; tab < TABS; tab++) {
            Page opened = browser.open(page);
            for (int i = 0; i < SOCKETS_OF_TAB; i++) {
                sockets.add(opened.open(cluster.second().api().token(key)).awaitOpen());
            }
        }
        return sockets;
    }

    private static List<Integer> numbers(PageSocket socket, ClusterPublisher publisher, int from) {
        return socket.messages().stream()
                .filter(message -> message.startsWith(publisher.name()))
                .map(message ->
                        Integer.valueOf(message.substring(publisher.name().length())))
                .filter(number -> number >= from)
                .toList();
    }

    private static void awaitFrom(List<PageSocket> sockets, ClusterPublisher publisher, int from, Duration most) {
        await().atMost(most)
                .until(() -> sockets.stream()
                        .noneMatch(socket -> numbers(socket, publisher, from).isEmpty()));
    }

    private static void awaitMore(ClusterPublisher publisher) {
        int from = publisher.next();
        await().atMost(RECOVERY).until(() -> publisher.acceptedFrom(from).size() >= MORE);
    }

    /** What was accepted arrives once and in order at all of them; of what was not, nothing twice. */
    private static void arrived(List<PageSocket> sockets, ClusterPublisher publisher, int from) {
        assertThat(publisher.wrong()).isEmpty();
        List<Integer> accepted = publisher.acceptedFrom(from);
        for (PageSocket socket : sockets) {
            await().atMost(RECOVERY)
                    .untilAsserted(
                            () -> assertThat(numbers(socket, publisher, from)).containsAll(accepted));
            List<Integer> numbers = numbers(socket, publisher, from);
            assertThat(numbers).doesNotHaveDuplicates();
            assertThat(numbers.stream().filter(accepted::contains)).isEqualTo(accepted);
        }
    }

    private static void stayOpen(List<PageSocket> sockets) {
        assertThat(sockets).allSatisfy(socket -> assertThat(socket.calls()).doesNotContain(PageSocket.CLOSED));
    }
}
