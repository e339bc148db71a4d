package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.channelgateway.it.CalledBackPages.SLACK;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an application is told of tabs that are closed and of pages that are reloaded. */
@ExtendWith(Browser.Shared.class)
final class PageCallbackIT {
    private static final String SECRET = "secret-of-the-tests";
    /** Long enough for a reload on a busy machine. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final String key = "presence/" + UUID.randomUUID();
    private final PageServer pages = new PageServer();
    private final CallbackApp app = new CallbackApp(SECRET);
    private Browser browser;
    private GatewayFixture gateway;
    private CalledBackPages scene;

    @BeforeEach
    void start(Browser shared) {
        browser = shared;
        gateway = GatewayFixture.start(FixtureSettings.pagesOf(pages)
                .with("CHANNEL_APPS_GUESTBOOK_CALLBACK", app.uri().toString())
                .with("CHANNEL_CALLBACKS_GRACE", GRACE.toSeconds() + "s"));
        scene = new CalledBackPages(pages, app, gateway.uri(), gateway.api());
    }

    @AfterEach
    void stop() {
        browser.closePages();
        gateway.close();
        app.close();
        pages.close();
    }

    /** Long before its session would end by itself. */
    private void endsWith(Page page) {
        page.close();
        scene.awaitSubscribers(key, 0);
        gateway.clock().advance(GRACE);
        scene.heard(key, SLACK, "connected", "disconnected");
    }

    @Test
    void tellsOfAClosedTab() {
        Page page = scene.listen(browser, key);
        scene.heard(key, SLACK, "connected");

        endsWith(page);

        assertThat(app.heard()).allMatch(CallbackApp.Heard::isSigned);
    }

    /** Half of the grace passes with each fifth: what was to be told of the pages before would be told in the middle. */
    @Test
    void tellsNothingOfTwentyReloadsInARow() {
        Page page = scene.listen(browser, key);
        for (int i = 1; i <= 20; i++) {
            scene.reload(page, key);
            if (i % 5 == 0) {
                gateway.clock().advance(GRACE.dividedBy(2));
            }
        }
        scene.heard(key, SLACK, "connected");
        scene.awaitSubscribers(key, 1);

        endsWith(page);
    }
}
