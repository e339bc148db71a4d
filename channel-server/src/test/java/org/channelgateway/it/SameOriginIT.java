package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages of the gateway's own origin, in Chromium: the demo page, with channels of the test besides its own. */
@ExtendWith(Browser.Shared.class)
final class SameOriginIT {
    /** What the app of the tests is called where there is a demo page. */
    private static final String APP = "demo";

    private static Browser browser;
    private static GatewayFixture gateway;

    private final String key = "same/" + UUID.randomUUID();

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
    void leaveNothing() {
        browser.closePages();
        await().until(() -> gateway.api().subscribers(key).orElse(0) == 0);
    }

    private static PageSocket listen(String key) {
        Page page = browser.open(gateway.uri());
        assertThat(page.run("return location.origin + '/'"))
                .isEqualTo(gateway.uri().toString());
        return page.open(gateway.api().token(key)).awaitOpen();
    }

    @ParameterizedTest
    @EnumSource
    void bringsEveryTextAsItWasSent(Way way) {
        PageSocket page = listen(key);

        try (Sender application = way.open(gateway, APP)) {
            Texts.ALL.forEach(text -> application.send(key, text));
        }

        page.awaitMessages(Texts.ALL.size());
        Texts.assertArrived(page.messages());
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheOrderOfFiveHundredAtOnceAndReachesNoOtherKey(Way way) {
        PageSocket first = listen(key);
        PageSocket second = listen(key);
        PageSocket other = listen(key + "/other");
        List<String> burst = IntStream.range(0, 500).mapToObj(i -> "burst " + i).toList();

        try (Sender application = way.open(gateway, APP)) {
            application.sendAtOnce(key, burst);
            application.send(key + "/other", "for the other");
        }

        first.awaitMessages(burst.size());
        second.awaitMessages(burst.size());
        other.awaitMessages(1);
        assertThat(first.messages()).isEqualTo(burst);
        assertThat(second.messages()).isEqualTo(burst);
        assertThat(other.messages()).containsExactly("for the other");
    }
}
