package org.channelgateway.it;

import static org.channelgateway.it.CalledBackPages.SLACK;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an application is told of tabs that are closed and of pages that are reloaded. */
@ExtendWith(Browser.Shared.class)
final class PageCallbackIT {
    private final String key = "presence/" + UUID.randomUUID();

    /** Long before its session would end by itself. */
    @Test
    void tellsOfAClosedTab(Browser browser, @TempDir Path folder) throws Exception {
        try (CalledBackPages scene = new CalledBackPages(browser, folder, "bosh: {inactivity: 150s}")) {
            Page page = scene.listen(key);
            scene.heard(key, SLACK, "connected");
            page.close();
            scene.heard(key, SLACK, "connected", "disconnected");
        }
    }

    /** The grace is long enough for a reload on a busy machine. */
    @Test
    void tellsNothingOfTwentyReloadsInARow(Browser browser, @TempDir Path folder) throws Exception {
        try (CalledBackPages scene = new CalledBackPages(browser, folder, "callbacks: {grace: 10s}")) {
            Page page = scene.listen(key);
            for (int i = 0; i < 20; i++) {
                scene.reload(page, key);
            }
            scene.heard(key, SLACK, "connected");
            scene.awaitSubscribers(key, 1);
            page.close();
            scene.heard(key, SLACK.multipliedBy(2), "connected", "disconnected");
        }
    }
}
