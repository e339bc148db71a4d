package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.channelgateway.bosh.FakeBrowser.EMPTY;
import static org.channelgateway.bosh.FakeBrowser.ERROR;
import static org.channelgateway.bosh.FakeBrowser.body;
import static org.channelgateway.bosh.FakeBrowser.terminal;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.channelgateway.stats.RefusalCounts.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Too many requests, copies, or stanzas, and polling too fast (XEP-0124 §11, §12, §14.3). */
class BoshOveractivityTest {
    private FakeBrowser browser = new FakeBrowser();

    @AfterEach
    void nothingIsLeftHeld() {
        browser.sessions.shutdown();
        assertThat(browser.held()).isZero();
        assertThat(browser.stream.events).containsOnlyOnce("closed").doesNotContain("NOT ALONE");
    }

    private void assertRefused(String reason) {
        assertThat(browser.sessions.count()).isZero();
        assertThat(browser.refusals.all()).isEqualTo(Map.of(new Refusal("bosh", reason), 1L));
    }

    /** §11: while two are being handled a third is one too many; §17.2: theirs was not the request that ended it. */
    @Test
    void refusesMoreRequestsAtOnceThanAgreed() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        browser.stream.onStanza(stanza -> {
            inside.countDown();
            await(goOn);
        });
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<FakeExchange> first = other.submit(() -> browser.send(0, "<a/>"));
            await(inside);
            FakeExchange second = browser.poll(1);
            assertThat(browser.poll(2).answer()).isEqualTo(terminal("policy-violation"));
            assertThat(second.answer()).isEqualTo(terminal("other-request"));
            goOn.countDown();
            assertThat(first.get(10, TimeUnit.SECONDS).answer()).isEqualTo(terminal("other-request"));
            assertRefused("too-many-requests");
        } finally {
            other.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusesOneCopyTooManyOfAHeldRequest() {
        FakeExchange last = browser.poll(0);
        for (int i = 0; i < HeldRequests.MAX_COPIES; i++) {
            FakeExchange copy = browser.poll(0);
            assertThat(last.answer()).isEqualTo(ERROR);
            last = copy;
        }
        assertThat(browser.poll(0).answer()).isEqualTo(terminal("policy-violation"));
        assertThat(last.answer()).isEqualTo(terminal("other-request"));
        assertRefused("too-many-copies");
    }

    /** A browser on a bad line repeats the same request for as long as it takes. */
    @Test
    void countsNoRepeatOfARequestWhoseConnectionBroke() {
        FakeExchange poll = browser.poll(0);
        for (int i = 0; i < 3 * HeldRequests.MAX_COPIES; i++) {
            poll.breakOff();
            poll = browser.poll(0);
        }
        browser.push("<m/>");
        assertThat(poll.answer()).isEqualTo(body("<m/>"));
    }

    /** §12: two empty requests within less than {@code polling}, the first of which brought nothing. */
    @Test
    void refusesAPollThatComesTooSoon() {
        browser = polling();
        assertThat(browser.creation.answer()).contains(" polling='2' ", " requests='1' ", " inactivity='154' ");
        assertThat(browser.poll(1).answer()).isEqualTo(EMPTY);
        browser.pass(Duration.ofSeconds(1));
        assertThat(browser.poll(2).answer()).isEqualTo(terminal("policy-violation"));
        assertRefused("polling-too-fast");
    }

    @Test
    void takesPollsThatComeAtTheirTime() {
        browser = polling();
        for (int n = 1; n < 10; n++) {
            assertThat(browser.poll(n).answer()).isEqualTo(EMPTY);
            browser.pass(PollPace.POLLING);
        }
    }

    /** §12: it had payloads, more may wait; it has payloads; it is a repeat. */
    @Test
    void punishesNoRequestThatIsMoreThanAPollInVain() {
        browser = polling();
        browser.push("<a/>");
        assertThat(browser.poll(1).answer()).isEqualTo(body("<a/>"));
        assertThat(browser.poll(2).answer()).isEqualTo(EMPTY);
        assertThat(browser.poll(2).answer()).isEqualTo(EMPTY);
        assertThat(browser.send(3, "<b/>").answer()).isEqualTo(EMPTY);
        assertThat(browser.send(4, "<c/>").answer()).isEqualTo(EMPTY);
        assertThat(browser.poll(5).answer()).isEqualTo(EMPTY);
    }

    /** §11: who was told no {@code polling} may ask as often as it likes, after a push and without one. */
    @Test
    void letsASessionThatIsHeldPollAsFastAsItLikes() {
        for (int n = 0; n < 2000; n++) {
            FakeExchange poll = browser.poll(n);
            if (n % 2 == 0) {
                browser.push("<m/>");
                assertThat(poll.answer()).isEqualTo(body("<m/>"));
            }
        }
        assertThat(browser.refusals.all()).isEmpty();
    }

    @Test
    void takesAsManyStanzasAtOnceAsAClientNeedsAndRefusesAStream() {
        int n = 0;
        while (n < 400) {
            assertThat(browser.send(n++, "<iq/>").isHeld()).isTrue();
        }
        assertThat(browser.send(n, "<iq/>").isHeld()).isTrue();

        assertThat(browser.send(n + 1, "<iq/>").answer()).isEqualTo(terminal("policy-violation"));
        assertRefused("stanzas-too-fast");
    }

    @Test
    void countsTheStanzasOfOneRequestAndForgetsThemWithTime() {
        browser.send(0, "<iq/>".repeat(600));
        assertThat(browser.send(1, "<iq/>").isHeld()).isTrue(); // not ended for what was taken
        browser.pass(Duration.ofSeconds(11));
        assertThat(browser.send(2, "<iq/>").isHeld()).isTrue();
        browser.send(3, "<iq/>".repeat(300));
        assertThat(browser.send(4, "<iq/>").answer()).isEqualTo(terminal("policy-violation"));
        assertRefused("stanzas-too-fast");
    }

    @Test
    void takesFewStanzasBeforeTheLogin() {
        browser = new FakeBrowser(FakeBrowser.config(1), 60, 1);
        for (int n = 1; n <= 21; n++) {
            assertThat(browser.send(n, "<auth/>").isHeld()).isTrue();
        }
        assertThat(browser.send(22, "<auth/>").answer()).isEqualTo(terminal("policy-violation"));
        assertRefused("stanzas-too-fast");
    }

    @Test
    void takesMoreOfAClientThatHasLoggedIn() {
        browser = new FakeBrowser(FakeBrowser.config(1), 60, 1);
        browser.session.awaitRestart(false);
        for (int n = 1; n <= 100; n++) {
            assertThat(browser.send(n, "<iq/>").isHeld()).isTrue();
        }
    }

    @Test
    void letsApplicationsSendAsFastAsTheyAreAnswered() {
        browser.session.awaitRestart(true);
        for (int n = 0; n < 2000; n++) {
            assertThat(browser.send(n, "<iq/>").isHeld()).isTrue();
        }
    }

    private static FakeBrowser polling() {
        return new FakeBrowser(FakeBrowser.config(1), 0, 1);
    }

    @Test
    void countsWhoDoesNotRead() {
        for (int i = 0; i < 5; i++) {
            browser.push("<m/>");
        }
        assertRefused("not-reading");
    }
}
