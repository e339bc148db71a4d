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
        assertThat(first.messages()).isEqualTo(sent);
        assertThat(second.messages()).isEqualTo(sent);
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
        assertThat(page.messages()).isEqualTo(burst);
        assertThat(twin.messages()).isEqualTo(burst);
    }

    @Test
    void keepsTheOrderOfFiveHundredOneAfterTheOther() {
        PageSocket page = listen(key);
        List<String> sent = IntStream.range(0, 500).mapToObj(i -> "one " + i).toList();

        sent.forEach(message -> sender.send(key, message));

        page.awaitMessages(sent.size());
        assertThat(page.messages()).isEqualTo(sent);
    }

    @Test
    void bringsEveryTextAsItWasSent() {
        List<String> texts = List.of(
                "<&>\"'",
                "</body></message><message>",
                "]]>",
                "<![CDATA[x]]>",
                "&amp;lt;",
                "&#65;&#66;",
                "àéîöñ ß Ω Ж 漢字 עברית",
                "😀👩‍👩‍👧‍👦🇪🇺",
                "a\rb",
                "a\r\nb\n\rc",
                "a\tb\t",
                "\n",
                " \t leading and trailing \r\n ",
                "\u00a0\u0085\u2028\u2029\ufffd",
                "\ufefffirst",
                "{\"move\":3,\"text\":\"\\u0000 \\\" '\"}",
                "x".repeat(32_767),
                "é".repeat(16_383) + "e",
                "漢".repeat(10_922) + "e",
                "😀".repeat(8_191) + "abc",
                "<".repeat(32_767),
                "\r".repeat(32_767));
        PageSocket page = listen(key);

        texts.forEach(text -> sender.send(key, text));

        page.awaitMessages(texts.size());
        List<String> arrived = page.messages();
        for (int i = 0; i < texts.size(); i++) {
            assertThat(arrived.get(i).equals(texts.get(i)))
                    .as("text %d arrived as it was sent", i)
                    .isTrue();
        }
        assertThat(arrived).hasSameSizeAs(texts);
    }
}
