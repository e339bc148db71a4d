package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How soon the gateway knows that a page is gone, whoever made its channel. */
@ExtendWith(Browser.Shared.class)
final class SessionEndIT {
    private static final Duration CLOSED_TAB = Duration.ofSeconds(2);
    /** The gateway's own ticks, and what it takes to ask on a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    private static Browser browser;
    private static PageServer pages;
    private static GatewayFixture gateway;
    private static Sender application;

    private final String key = "end/" + UUID.randomUUID();

    /** A poll is held for so long that only a lost connection, not the end of the poll, can be what is noticed. */
    @BeforeAll
    static void start(Browser shared) {
        browser = shared;
        pages = new PageServer();
        gateway = GatewayFixture.start(FixtureSettings.pagesOf(pages).with("CHANNEL_BOSH_WAIT", "60s"));
        application = Way.mixed(gateway);
    }

    @AfterAll
    static void stop() {
        application.close();
        gateway.close();
        pages.close();
    }

    @AfterEach
    void closePages() {
        browser.closePages();
    }

    private Page listen() {
        Page page = browser.open(pages.page(gateway.uri()));
        page.open(application.token(key)).awaitOpen();
        return page;
    }

    private void awaitSubscribers(int count, Duration atMost) {
        await().pollInterval(Duration.ofMillis(50))
                .atMost(atMost)
                .untilAsserted(() -> assertThat(gateway.api().subscribers(key)).hasValue(count));
    }

    @Test
    void endsTheSessionOfAClosedTabWithinTwoSeconds() {
        Page closing = listen();
        listen();
        awaitSubscribers(2, SLACK);

        closing.close();

        awaitSubscribers(1, CLOSED_TAB);
        assertThat(application.send(key, "to the other tab")).isEqualTo(1);
    }

    @Test
    void endsTheSessionOfAPageThatWasLeftWithinTwoSeconds() {
        Page leaving = listen();

        leaving.go(pages.elsewhere());

        awaitSubscribers(0, CLOSED_TAB);
    }
}
