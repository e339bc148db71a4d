package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an application is told of real pages, and of a gateway that is killed. */
@ExtendWith(Browser.Shared.class)
final class PresenceIT {
    /** For everything between a page and the application on a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(20);

    private static final Duration INACTIVITY = Duration.ofSeconds(10);

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
        gateway = new KillableGateway(
                folder, """
                bosh: {inactivity: %ds}
                apps:
                  guestbook: {secret: %s, origins: ['%s'], callback: '%s'}
                """.formatted(INACTIVITY.toSeconds(), KillableGateway.SECRET, pages.origin(), app.uri()));
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
        app.answer(one -> 200);
    }

    private Page listen(Browser in) {
        Page page = in.open(pages.page(gateway.uri()));
        page.open(gateway.api().token(key)).awaitOpen();
        return page;
    }

    private void heard(Duration atMost, String... kinds) {
        await().pollInterval(Duration.ofMillis(50))
                .atMost(atMost)
                .untilAsserted(() -> assertThat(app.of(key)).containsExactly(kinds));
    }

    @Test
    void tellsOfAKilledBrowserWithinTheInactivity() {
        try (Browser victim = new Browser()) {
            listen(victim);
            heard(SLACK, "connected");
            victim.kill();
            heard(INACTIVITY.plus(SLACK), "connected", "disconnected");
        }
    }

    @Test
    void postsAfterItWasKilledWhatItHadNotPostedYetAndTellsOfSessionsThatDidNotComeBack() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        app.answer(one -> {
            begun.countDown();
            try {
                killed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 200;
        });
        Page page = listen(browser);
        begun.await();
        gateway.kill();
        page.close();
        app.answer(one -> 200);
        killed.countDown();
        gateway.start();

        heard(INACTIVITY.plus(SLACK), "connected", "connected", "disconnected");
        List<CallbackApp.Heard> heard =
                app.heard().stream().filter(one -> one.channel().equals(key)).toList();
        assertThat(heard.get(1).task()).isEqualTo(heard.get(0).task());
        assertThat(heard.get(1).attempt()).isEqualTo(2);
    }

    @Test
    void tellsNothingOfAPageThatComesBackAfterTheGatewayWasKilled() throws Exception {
        Page page = listen(browser);
        heard(SLACK, "connected");
        gateway.kill();
        gateway.start();
        await().atMost(SLACK).until(() -> gateway.api().subscribers(key).orElse(0) == 1);
        page.close();

        heard(INACTIVITY.plus(SLACK), "connected", "disconnected");
    }

    @Test
    void postsWhatItHadNotBegunToPostWhenItWasKilled(@TempDir Path own) throws Exception {
        CallbackApp gone = new CallbackApp(KillableGateway.SECRET);
        int port = gone.uri().getPort();
        gone.close();
        try (KillableGateway killed = new KillableGateway(own, """
                bosh: {inactivity: 2s}
                apps:
                  guestbook: {secret: %s, callback: '%s'}
                """.formatted(KillableGateway.SECRET, gone.uri()))) {
            HeldPoll page = new HeldPoll(killed.uri(), killed.api().token(key));
            killed.kill();
            page.close();
            try (CallbackApp back = new CallbackApp(KillableGateway.SECRET, port)) {
                killed.start();
                await().atMost(SLACK.multipliedBy(2))
                        .untilAsserted(() -> assertThat(back.of(key)).containsExactly("connected", "disconnected"));
            }
        }
    }
}
