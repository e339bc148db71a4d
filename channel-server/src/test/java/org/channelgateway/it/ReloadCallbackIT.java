package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an application is told of a page that is reloaded again and again. */
@ExtendWith(Browser.Shared.class)
final class ReloadCallbackIT {
    /** For everything between a page and the application on a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private static Browser browser;
    private static PageServer pages;
    private static CallbackApp app;
    private static KillableGateway gateway;

    private final String key = "presence/" + UUID.randomUUID();

    @BeforeAll
    static void start(Browser shared) throws IOException {
        browser = shared;
        pages = new PageServer();
        app = new CallbackApp(KillableGateway.SECRET);
        gateway = new KillableGateway(folder, """
                callbacks: {grace: 10s}
                apps:
                  guestbook: {secret: %s, origins: ['%s'], callback: '%s'}
                """.formatted(KillableGateway.SECRET, pages.origin(), app.uri()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        app.close();
        pages.close();
    }

    @AfterEach
    void closePages() {
        browser.closePages();
    }

    private void heard(String... kinds) {
        await().atMost(SLACK).untilAsserted(() -> assertThat(app.of(key)).containsExactly(kinds));
    }

    @Test
    void tellsNothingOfTwentyReloadsInARow() {
        URI address = pages.page(gateway.uri());
        Page page = browser.open(address);
        page.open(gateway.api().token(key)).awaitOpen();
        for (int i = 0; i < 20; i++) {
            page.go(address);
            page.open(gateway.api().token(key)).awaitOpen();
        }
        heard("connected");
        await().atMost(SLACK).until(() -> gateway.api().subscribers(key).orElse(0) == 1);
        page.close();
        heard("connected", "disconnected");
    }
}
