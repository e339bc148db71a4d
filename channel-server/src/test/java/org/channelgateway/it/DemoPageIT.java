package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
    private static final List<Integer> WIDTHS = List.of(360, 1200);

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
        Page page = browser.open(gateway.uri());
        awaitText(page, "#state-text", "Open: listening to “demo”");
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

    /** Leaves pictures in {@code target} for people to look at. */
    @Test
    void fitsIntoNarrowAndWideWindows() {
        Page page = open();
        for (String message : List.of("Hello", "{\"move\":3}", "a-word-without-a-space-".repeat(12))) {
            sendByForm(page, message);
            awaitText(page, "#list li:first-child p", message);
        }

        for (int width : WIDTHS) {
            browser.screenshot(page, width, Path.of("target", "screenshots", "demo-" + width + ".png"));
            browser.resize(page, width, 800);
            assertThat(page.run("return document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
        }
    }
}
