package org.channelgateway.it;

import static org.awaitility.Awaitility.await;

import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pages of an application in a real browser, and a gateway of another origin that lets them in; each test leaves nothing behind. */
@ExtendWith(Browser.Shared.class)
abstract class BrowserContract {
    static Browser browser;
    static PageServer pages;
    static GatewayFixture gateway;

    final String key = "page/" + UUID.randomUUID();

    @BeforeAll
    static void start(Browser shared) {
        browser = shared;
        pages = new PageServer();
        gateway = GatewayFixture.start(FixtureSettings.pagesOf(pages));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        pages.close();
    }

    @AfterEach
    void leaveNothing() {
        browser.closePages();
        awaitSubscribers(0);
    }

    void awaitSubscribers(int count) {
        await().atMost(PageSocket.PATIENCE)
                .until(() -> gateway.api().subscribers(key).orElse(0) == count);
    }

    /** A page that has the gateway's library. */
    static Page page() {
        return browser.open(pages.page(gateway.uri()));
    }

    static Timeline timeline() {
        return new Timeline(page());
    }
}
