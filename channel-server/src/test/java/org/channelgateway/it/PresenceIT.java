package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.channelgateway.it.CalledBackPages.SLACK;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final Duration INACTIVITY = Duration.ofSeconds(10);

    @TempDir
    static Path folder;

    private static final PageServer PAGES = new PageServer();
    private static final CallbackApp APP = new CallbackApp(KillableGateway.SECRET);

    private static Browser browser;
    private static KillableGateway gateway;
    private static CalledBackPages scene;

    private final String key = "presence/" + UUID.randomUUID();

    @BeforeAll
    static void start(Browser shared) throws IOException {
        browser = shared;
        gateway = new KillableGateway(
                folder, """
                bosh: {inactivity: %ds}
                apps:
                  guestbook: {secret: %s, origins: ['%s'], callback: '%s'}
                """.formatted(INACTIVITY.toSeconds(), KillableGateway.SECRET, PAGES.origin(), APP.uri()));
        scene = new CalledBackPages(PAGES, APP, gateway.uri(), gateway.api());
    }

    @AfterAll
    static void stop() {
        browser.closePages();
        gateway.close();
        APP.close();
        PAGES.close();
    }

    @AfterEach
    void closePages() {
        browser.closePages();
        APP.answer(one -> 200);
    }

    private void heard(Duration atMost, String... kinds) {
        scene.heard(key, atMost, kinds);
    }

    /** Once for each task: one is posted again when the gateway was killed before it had noted the answer. */
    private List<String> told() {
        Map<String, String> tasks = new LinkedHashMap<>();
        APP.heard().stream()
                .filter(one -> one.channel().equals(key))
                .forEach(one -> tasks.putIfAbsent(one.task(), one.kind()));
        return List.copyOf(tasks.values());
    }

    @Test
    void tellsOfAKilledBrowserWithinTheInactivity() {
        try (Browser victim = new Browser()) {
            scene.listen(victim, key);
            heard(SLACK, "connected");
            victim.kill();
            heard(INACTIVITY.plus(SLACK), "connected", "disconnected");
        }
    }

    @Test
    void postsAfterItWasKilledWhatItHadNotPostedYetAndTellsOfSessionsThatDidNotComeBack() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        APP.answer(one -> {
            begun.countDown();
            try {
                killed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 200;
        });
        Page page = scene.listen(browser, key);
        begun.await();
        gateway.kill();
        page.close();
        APP.answer(one -> 200);
        killed.countDown();
        gateway.start();

        heard(INACTIVITY.plus(SLACK), "connected", "connected", "disconnected");
        List<CallbackApp.Heard> heard =
                APP.heard().stream().filter(one -> one.channel().equals(key)).toList();
        assertThat(heard.get(1).task()).isEqualTo(heard.get(0).task());
        assertThat(heard.get(1).attempt()).isEqualTo(2);
    }

    @Test
    void tellsNothingOfAPageThatComesBackAfterTheGatewayWasKilled() throws Exception {
        Page page = scene.listen(browser, key);
        heard(SLACK, "connected");
        gateway.kill();
        gateway.start();
        scene.awaitSubscribers(key, 1);
        page.close();

        await().atMost(INACTIVITY.plus(SLACK))
                .untilAsserted(() -> assertThat(told()).containsExactly("connected", "disconnected"));
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
