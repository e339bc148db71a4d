package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The way up: from a page in Chromium to the application, and back to the page. */
@ExtendWith(Browser.Shared.class)
final class PageToApplicationIT {
    private static Browser browser;
    private static PageServer pages;
    private static CallbackApp app;
    private static GatewayFixture gateway;

    private final String key = "way up & down/" + UUID.randomUUID();

    @BeforeAll
    static void start(Browser shared) {
        browser = shared;
        pages = new PageServer();
        app = new CallbackApp("secret-of-the-tests");
        gateway = GatewayFixture.start(FixtureSettings.pagesOf(pages)
                .with("CHANNEL_APPS_GUESTBOOK_CALLBACK", app.uri().toString()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        app.close();
        pages.close();
    }

    @AfterEach
    void leaveNothing() {
        browser.closePages();
        await().atMost(PageSocket.PATIENCE)
                .until(() -> gateway.api().subscribers(key).orElse(0) == 0);
    }

    private List<String> heard() {
        return app.heard().stream()
                .filter(one -> one.channel().equals(key) && one.kind().equals("receive"))
                .map(CallbackApp.Heard::message)
                .toList();
    }

    @Test
    void carriesEveryTextOfAPageToTheApplicationInOrderAndTheAnswerBack() {
        Page page = browser.open(pages.page(gateway.uri()));
        Timeline timeline = new Timeline(page).run("""
                        window.socket = new goog.appengine.Channel(arguments[0] + '\\n').open(recorder('a'));
                        """, gateway.api().token(key));
        timeline.shows(Timeline.opened("a"));

        assertThat(page.run("return arguments[0].every((text) => socket.send(text))", Texts.ALL))
                .isEqualTo(true);

        await().atMost(Duration.ofSeconds(60)).until(() -> heard().size() >= Texts.ALL.size());
        Texts.assertArrived(heard());
        gateway.api().send(key, "all heard");
        timeline.shows(Timeline.opened("a"), Timeline.message("a", "all heard"));
    }
}
