package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The demo page, a page of the gateway's own origin. */
@ExtendWith(Browser.Shared.class)
final class DemoPageIT {
    private static final List<Integer> WIDTHS = List.of(360, 1280);

    /** Whether an element lies on the part of the page that is seen. */
    private static final String VISIBLE = """
            const {top, bottom} = document.querySelector(arguments[0]).getBoundingClientRect();
            return top >= -1 && bottom <= innerHeight + 1;
            """;

    private static final String OPEN = "Open: listening to “demo”";

    private static Browser browser;
    private static GatewayFixture gateway;

    @BeforeAll
    static void start(Browser shared) {
        browser = shared;
        gateway = GatewayFixture.start(FixtureSettings.demoPage());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void closePages() {
        browser.closePages();
        await().until(() -> gateway.api().subscribers("demo").orElse(0) == 0);
    }

    private static Page open() {
        return open(gateway.uri());
    }

    private static Page open(URI address) {
        Page page = browser.open(address);
        awaitText(page, "#state-text", OPEN);
        return page;
    }

    private static void awaitText(Page page, String selector, String text) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(page.run("return document.querySelector(arguments[0])?.textContent", selector))
                                .isEqualTo(text));
    }

    private static List<String> messages(Page page) {
        return page.texts("return [...document.querySelectorAll('#list p')].map((item) => item.textContent)");
    }

    private static void sendByForm(Page page, String message) {
        page.run("""
                document.querySelector('#message').value = arguments[0];
                document.querySelector('#send').requestSubmit();
                """, message);
    }

    private static void picture(Page page, String name) {
        for (int width : WIDTHS) {
            browser.screenshot(page, width, Path.of("target", "screenshots", "demo-" + name + "-" + width + ".png"));
        }
    }

    @Test
    void showsWhatItsFormSends() {
        Page page = open();
        Page twin = open();

        sendByForm(page, "<b>Hello</b> & 😀");

        awaitText(page, "#sent", "Sent to 2 receivers.");
        awaitText(page, "#list li:first-child p", "<b>Hello</b> & 😀");
        awaitText(twin, "#list li:first-child p", "<b>Hello</b> & 😀");
        assertThat(messages(page)).hasSize(1);
    }

    @Test
    void showsWhatAShellSends() {
        Page page = open();

        assertThat(gateway.api().send("demo", "from a shell")).isEqualTo(1);

        awaitText(page, "#list li:first-child p", "from a shell");
        assertThat(page.run("return document.querySelector('#command-text').textContent"))
                .asString()
                .contains("$(cat " + gateway.data().resolve("demo.secret") + ")")
                .contains(gateway.uri() + "v1/channels/demo/messages");
    }

    @Test
    void holdsNoSecretAndBreaksNoPolicyOfItsOwn() {
        Page page = open();

        sendByForm(page, "x");
        awaitText(page, "#list li:first-child p", "x");

        assertThat(page.run("return document.documentElement.outerHTML"))
                .asString()
                .doesNotContain(gateway.api().secret());
        assertThat(browser.console()).isEmpty();
        assertThat(page.run("return document.cookie")).isEqualTo("");
    }

    @Test
    void saysThatItReconnectsWhileTheGatewayIsGone() {
        Page page = open();

        gateway.stop();
        awaitText(page, "#state-text", "Reconnecting …");
        sendByForm(page, "to nobody");
        awaitText(page, "#sent", "Not sent: the gateway cannot be reached");
        picture(page, "reconnecting");

        gateway.restart();
        awaitText(page, "#state-text", OPEN);
        sendByForm(page, "to somebody");
        awaitText(page, "#list li:first-child p", "to somebody");
    }

    @Test
    void saysThatTheConnectionIsBackLongBeforeAPollIsAnswered() {
        try (CuttableProxy network = new CuttableProxy(gateway.uri())) {
            Page page = open(network.uri());

            network.reset();
            awaitText(page, "#state-text", "Reconnecting …");
            network.restore();

            awaitText(page, "#state-text", OPEN);
            browser.closePages(); // it says goodbye through the proxy
        }
    }

    @Test
    void saysWhyItIsClosed() {
        Page page = open();

        gateway.api().revoke("demo");

        awaitText(page, "#state-text", "Closed: Invalid token (401)");
        picture(page, "invalid");
    }

    @Test
    void showsNoMessagesOfAnotherKey() {
        Page page = open();
        sendByForm(page, "of the first key");
        awaitText(page, "#list li:first-child p", "of the first key");

        page.run("location.hash = 'other'");
        awaitText(page, "#state-text", "Open: listening to “other”");
        assertThat(messages(page)).isEmpty();
        awaitText(page, "#count", "0");
        awaitText(page, "#sent", "");
        sendByForm(page, "of the second");
        awaitText(page, "#list li:first-child p", "of the second");

        page.run("document.querySelector('#open').requestSubmit()");
        awaitText(page, "#sent", "Sent to 1 receiver.");
        assertThat(messages(page)).as("opened again, with the same key").containsExactly("of the second");
    }

    @Test
    void showsOnASmallScreenWhatIsSentAndWhatArrives() {
        Page page = open();
        browser.resize(page, 360, 740);
        for (int i = 0; i < 12; i++) {
            sendByForm(page, "message " + i);
            awaitText(page, "#list li:first-child p", "message " + i);
        }

        page.run("scrollTo(0, 0)");
        assertVisible(page, "#state", "#list li:first-child p");
        browser.resize(page, 360, 440); // a keyboard covers the rest
        page.run("document.querySelector('#send button').scrollIntoView({block: 'end'})");
        assertVisible(page, "#list li:first-child p", "#message", "#send button");
    }

    private static void assertVisible(Page page, String... selectors) {
        for (String selector : selectors) {
            assertThat(page.run(VISIBLE, selector)).as(selector).isEqualTo(true);
        }
    }

    /** Leaves pictures in {@code target} for people to look at. */
    @Test
    void fitsIntoNarrowAndWideWindows() {
        Page page = open();
        for (String message : List.of(
                "Hello",
                "{\"move\":3}",
                "a-word-without-a-space-".repeat(12),
                "שלום <b>&amp;</b> 😀\n\tzwei\u202eDREI")) {
            sendByForm(page, message);
            awaitText(page, "#list li:first-child p", message);
        }

        picture(page, "open");
        for (int width : WIDTHS) {
            browser.resize(page, width, 800);
            assertThat(page.run("return document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
        }
    }
}
