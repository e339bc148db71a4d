package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;

/** Pages of an application that is called back. */
final class CalledBackPages {
    /** For everything between a page and the application on a busy machine. */
    static final Duration SLACK = Duration.ofSeconds(30);

    private final PageServer pages;
    private final CallbackApp app;
    private final URI gateway;
    private final ChannelApi api;

    /** @param pages the origin of the application's pages */
    CalledBackPages(PageServer pages, CallbackApp app, URI gateway, ChannelApi api) {
        this.pages = pages;
        this.app = app;
        this.gateway = gateway;
        this.api = api;
    }

    /** A page that listens to {@code key}. */
    Page listen(Browser in, String key) {
        Page page = in.open(pages.page(gateway));
        page.open(api.token(key)).awaitOpen();
        return page;
    }

    /** Loads the page again, as its user does, and listens with a new token. */
    void reload(Page page, String key) {
        page.go(pages.page(gateway));
        page.open(api.token(key)).awaitOpen();
    }

    void awaitSubscribers(String key, int count) {
        await().atMost(SLACK).until(() -> api.subscribers(key).orElse(0) == count);
    }

    /** Waits until the application has heard this of a channel. */
    void heard(String key, Duration atMost, String... kinds) {
        await().atMost(atMost).untilAsserted(() -> assertThat(app.of(key)).containsExactly(kinds));
    }
}
