package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages of an application to pages in Chromium, however the application sends them. */
@ExtendWith(Browser.Shared.class)
abstract class DeliveryContract {
    private static Browser browser;
    private static PageServer pages;
    private static GatewayFixture gateway;

    private Sender sender;

    private final String key = "delivery/" + UUID.randomUUID();

    @BeforeAll
    static void start(Browser shared) {
        browser = shared;
        pages = new PageServer();
        gateway = GatewayFixture.start(FixtureSettings.pagesOf(pages));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        pages.close();
    }

    /** What the application sends by. */
    abstract Sender sender(GatewayFixture of);

    /** In the order in which they were sent. */
    void assertArrived(List<String> sent, List<String> arrived) {
        assertThat(arrived).isEqualTo(sent);
    }

    @BeforeEach
    void connect() {
        sender = sender(gateway);
    }

    @AfterEach
    void leaveNothing() {
        sender.close();
        browser.closePages();
        await().until(() -> gateway.api().subscribers(key).orElse(0) == 0);
    }

    private static PageSocket listen(String key) {
        return browser.open(pages.page(gateway.uri()))
                .open(gateway.api().token(key))
                .awaitOpen();
    }

    @Test
    void reachesEveryPageOfTheKeyAndNoOtherOnceAndInOrder() {
        PageSocket first = listen(key);
        PageSocket second = listen(key);
        String otherKey = key + "/other";
        PageSocket other = listen(otherKey);
        List<String> sent = IntStream.range(0, 20).mapToObj(i -> "message " + i).toList();

        for (String message : sent) {
            assertThat(sender.send(key, message)).isEqualTo(2);
        }
        assertThat(sender.send(otherKey, "for the other")).isEqualTo(1);

        first.awaitMessages(sent.size());
        second.awaitMessages(sent.size());
        other.awaitMessages(1);
        assertArrived(sent, first.messages());
        assertArrived(sent, second.messages());
        assertThat(other.messages()).containsExactly("for the other");
        assertThat(first.calls()).first().isEqualTo(PageSocket.OPENED);
        assertThat(first.calls().subList(1, 21)).containsOnly(PageSocket.MESSAGE);
    }

    @Test
    void keepsTheOrderOfFiveHundredAtOnce() {
        PageSocket page = listen(key);
        PageSocket twin = listen(key);
        List<String> burst = IntStream.range(0, 500).mapToObj(i -> "burst " + i).toList();

        sender.sendAtOnce(key, burst);

        page.awaitMessages(burst.size());
        twin.awaitMessages(burst.size());
        assertArrived(burst, page.messages());
        assertArrived(burst, twin.messages());
    }

    @Test
    void keepsTheOrderOfFiveHundredOneAfterTheOther() {
        PageSocket page = listen(key);
        List<String> sent = IntStream.range(0, 500).mapToObj(i -> "one " + i).toList();

        sent.forEach(message -> sender.send(key, message));

        page.awaitMessages(sent.size());
        assertArrived(sent, page.messages());
    }

    @Test
    void bringsEveryTextAsItWasSent() {
        PageSocket page = listen(key);

        Texts.ALL.forEach(text -> sender.send(key, text));

        page.awaitMessages(Texts.ALL.size());
        Texts.assertArrived(page.messages());
    }
}
