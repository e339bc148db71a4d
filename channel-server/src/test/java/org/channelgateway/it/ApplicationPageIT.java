package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A page of an application and its channel at one address, in Chromium. */
@ExtendWith(Browser.Shared.class)
final class ApplicationPageIT {
    private static Browser browser;
    private static PageServer application;
    private static GatewayFixture gateway;

    private final String key = "one-origin/" + UUID.randomUUID();

    @BeforeAll
    static void start(Browser shared) {
        browser = shared;
        application = new PageServer();
        gateway = GatewayFixture.start(FixtureSettings.demoPage()
                .with("CHANNEL_HTTP_APP", application.origin())
                .with("CHANNEL_HTTP_ADMIN", "127.0.0.1:0"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        application.close();
    }

    @AfterEach
    void leaveNothing() {
        browser.closePages();
        await().until(() -> gateway.api().subscribers(key).orElse(0) == 0);
    }

    @Test
    void getsTheMessagesOfItsChannel() {
        Page page = browser.open(gateway.uri().resolve("/?/")); // its script is /_ah/channel/jsapi
        assertThat(page.run("return document.title")).isEqualTo("A page of an application");
        PageSocket socket = page.open(gateway.api().token(key)).awaitOpen();

        Texts.ALL.forEach(text -> gateway.api().send(key, text));

        socket.awaitMessages(Texts.ALL.size());
        Texts.assertArrived(socket.messages());
        assertThat(page.texts("return [document.cookie]")).isEqualTo(List.of(""));
    }

    @Test
    void leavesTheDemoPageItsOwnPath() {
        Page page = browser.open(gateway.uri().resolve("/_ah/channel/demo"));
        await().untilAsserted(() -> assertThat(page.run("return document.querySelector('#state-text')?.textContent"))
                .isEqualTo("Open: listening to “demo”"));
        assertThat(page.run("return document.querySelector('#command-text').textContent"))
                .asString()
                .as("the address of /v1, which is not the page's")
                .doesNotContain(gateway.uri() + "v1")
                .contains("/v1/channels/demo/messages");
        page.close();
        await().until(() -> gateway.api().subscribers("demo").orElse(0) == 0);
    }
}
