package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pages of other origins than the gateway's, in Chromium. */
@ExtendWith(Browser.Shared.class)
final class OriginIT {
    private static Browser browser;
    private static PageServer neighbours;
    private static PageServer strangers;
    private static GatewayFixture gateway;
    /** Asks by all ways in turn. */
    private static Sender application;

    private final String key = "origin/" + UUID.randomUUID();

    @BeforeAll
    static void start(Browser shared) {
        browser = shared;
        neighbours = new PageServer();
        strangers = new PageServer();
        gateway = GatewayFixture.start(FixtureSettings.withoutPages().neighbour(neighbours));
        application = Way.mixed(gateway);
    }

    @AfterAll
    static void stop() {
        application.close();
        gateway.close();
        strangers.close();
        neighbours.close();
    }

    @AfterEach
    void leaveNothing() {
        browser.closePages();
        await().until(() -> gateway.api().subscribers(key).orElse(0) == 0);
    }

    @Test
    void refusesAPageOfAnOriginThatNoAppAllows() {
        PageSocket socket = browser.open(strangers.page(gateway.uri())).open(application.token(key));

        socket.awaitClosed();
        assertThat(socket.calls())
                .containsExactly(
                        "onerror({\"code\":403,\"description\":"
                                + "\"Origin: not among the origins that an app of this gateway allows\"}) 2",
                        PageSocket.CLOSED);
        assertThat(gateway.api().subscribers(key)).hasValue(0);
        assertThat(application.send(key, "not for strangers")).isZero();
    }

    @Test
    void refusesAPageOfAnOriginThatOnlyAnotherAppAllows() {
        PageSocket socket = browser.open(neighbours.page(gateway.uri())).open(application.token(key));

        socket.awaitClosed();
        assertThat(socket.calls())
                .containsExactly(
                        "onerror({\"code\":403,\"description\":"
                                + "\"Origin: not among the origins of the app that made the token\"}) 2",
                        PageSocket.CLOSED);
        assertThat(gateway.api().subscribers(key)).hasValue(0);
    }
}
