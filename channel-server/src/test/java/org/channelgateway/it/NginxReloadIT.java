package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pages in a browser, over HTTP/2, while the nginx that they reach the gateway by takes a new configuration. */
@ExtendWith(Browser.Shared.class)
final class NginxReloadIT {
    private static final String KEY = "reload";
    private static final int PAGES = 3;

    private static Browser browser;
    private static PageServer pages;
    private static GatewayFixture behind;
    private static NginxFront gateway;

    @BeforeAll
    static void start(Browser shared) {
        browser = shared;
        pages = new PageServer();
        behind = new EmbeddedGateway(FixtureSettings.pagesOf(pages));
        gateway = new NginxFront(behind);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        pages.close();
    }

    @AfterEach
    void leaveNothing() {
        browser.closePages();
        await().until(() -> gateway.api().subscribers(KEY).orElse(0) == 0);
    }

    private static PageSocket listen() {
        return browser.open(pages.page(gateway.uri()))
                .open(gateway.api().token(KEY))
                .awaitOpen();
    }

    @Test
    void reachesTheGatewayOverHttp2() {
        Page page = browser.open(URI.create(gateway.uri() + "_ah/channel/jsapi"));

        assertThat(page.texts(
                        "return performance.getEntriesByType('navigation').map((entry) => entry.nextHopProtocol)"))
                .containsExactly("h2");
    }

    @Test
    void losesNothingAndDoublesNothing() {
        List<PageSocket> sockets =
                IntStream.range(0, PAGES).mapToObj(i -> listen()).toList();
        List<String> sent = new ArrayList<>();

        for (int reload = 0; reload < 3; reload++) {
            for (int i = 0; i < 20; i++) {
                String message = "message " + reload + " " + i;
                assertThat(behind.api().send(KEY, message)).isEqualTo(PAGES);
                sent.add(message);
                if (i == 10) {
                    gateway.nginx().reload();
                }
            }
        }

        for (PageSocket socket : sockets) {
            socket.awaitMessages(sent.size());
            assertThat(socket.messages()).isEqualTo(sent);
            assertThat(socket.calls()).doesNotContain(PageSocket.CLOSED);
        }
    }
}
