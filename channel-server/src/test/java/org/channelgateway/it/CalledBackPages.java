package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Pages of an application that is called back, and a gateway that can be killed. */
final class CalledBackPages implements AutoCloseable {
    /** For everything between a page and the application on a busy machine. */
    static final Duration SLACK = Duration.ofSeconds(30);

    private final Browser browser;
    private final PageServer pages = new PageServer();
    private final CallbackApp app = new CallbackApp(KillableGateway.SECRET);
    private final KillableGateway gateway;

    /**
     * @param folder an empty one
     * @param settings of the gateway, in YAML, without {@code apps}
     */
    CalledBackPages(Browser browser, Path folder, String settings) throws IOException {
        this.browser = browser;
        this.gateway = new KillableGateway(
                folder, settings + """

                apps:
                  guestbook: {secret: %s, origins: ['%s'], callback: '%s'}
                """.formatted(KillableGateway.SECRET, pages.origin(), app.uri()));
    }

    CallbackApp app() {
        return app;
    }

    KillableGateway gateway() {
        return gateway;
    }

    /** A page that listens to {@code key}. */
    Page listen(String key) {
        return listen(browser, key);
    }

    Page listen(Browser in, String key) {
        Page page = in.open(pages.page(gateway.uri()));
        page.open(gateway.api().token(key)).awaitOpen();
        return page;
    }

    /** Loads the page again, as its user does, and listens with a new token. */
    void reload(Page page, String key) {
        page.go(pages.page(gateway.uri()));
        page.open(gateway.api().token(key)).awaitOpen();
    }

    void awaitSubscribers(String key, int count) {
        await().atMost(SLACK).until(() -> gateway.api().subscribers(key).orElse(0) == count);
    }

    /** Waits until the application has heard this of a channel. */
    void heard(String key, Duration atMost, String... kinds) {
        await().atMost(atMost).untilAsserted(() -> assertThat(app.of(key)).containsExactly(kinds));
    }

    @Override
    public void close() {
        browser.closePages();
        gateway.close();
        app.close();
        pages.close();
    }
}
