package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.channelgateway.bosh.FakeBrowser.EMPTY;
import static org.channelgateway.bosh.FakeBrowser.ERROR;
import static org.channelgateway.bosh.FakeBrowser.body;
import static org.channelgateway.bosh.FakeBrowser.terminal;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests, pushes and lost connections (XEP-0124 §8, §12, §14). */
class BoshSessionTest {
    private FakeBrowser browser = new FakeBrowser();

    @AfterEach
    void nothingIsLeftHeld() {
        browser.sessions.shutdown();
        assertThat(browser.held()).isZero();
        assertThat(browser.sessions.count()).isZero();
        assertThat(browser.stream.events).containsOnlyOnce("closed").doesNotContain("NOT ALONE");
    }

    @Test
    void answersTheHeldRequestWithAPush() {
        FakeExchange poll = browser.poll(0);
        assertThat(poll.isHeld()).isTrue();
        assertThat(browser.push("<a/>")).isEqualTo(new Delivery.Sent(browser.session.firstRid()));
        assertThat(poll.answer()).isEqualTo(body("<a/>"));
    }

    @Test
    void keepsAStanzaForTheNextPollWhenNothingIsHeld() {
        assertThat(browser.push("<a/>")).isEqualTo(new Delivery.Queued(1));
        assertThat(browser.push("<b/>")).isEqualTo(new Delivery.Queued(2));
        assertThat(browser.poll(0).answer()).isEqualTo(body("<a/><b/>"));
        assertThat(browser.poll(1).isHeld()).isTrue();
    }

    @Test
    void handsUpSeveralStanzasOfOneBodyInOrder() {
        browser.send(0, "<a/> <b/>\n<c/>");
        assertThat(browser.stream.events).containsExactly("a", "b", "c");
    }

    @Test
    void answersWithWhatTheApplicationSaysToTheRequestItself() {
        browser.stream.onStanza(stanza -> browser.push("<re-" + stanza.name() + "/>"));
        assertThat(browser.send(0, "<a/><b/>").answer()).isEqualTo(body("<re-a/><re-b/>"));
    }

    @Test
    void restartsTheStreamBeforeItsStanzas() {
        browser.send(0, " xmpp:restart='true'", "<a/>");
        assertThat(browser.stream.events).containsExactly("restart", "a");
    }

    @Test
    void handsUpRequestsInTheOrderOfTheirRids() {
        FakeExchange second = browser.send(1, "<b/>");
        assertThat(second.isHeld()).isTrue();
        assertThat(browser.stream.events).isEmpty();
        FakeExchange first = browser.send(0, "<a/>");
        assertThat(browser.stream.events).containsExactly("a", "b");
        assertThat(first.answer()).isEqualTo(EMPTY);
        browser.push("<c/>");
        assertThat(second.answer()).isEqualTo(body("<c/>"));
    }

    @Test
    void releasesTheHeldRequestWhenTheNextOneComes() {
        FakeExchange first = browser.poll(0);
        FakeExchange second = browser.poll(1);
        assertThat(first.answer()).isEqualTo(EMPTY);
        assertThat(second.isHeld()).isTrue();
    }

    @Test
    void cutsAnAnswerAtSixtyFourKilobytes() {
        String stanza = "<a>" + "x".repeat(30_000) + "</a>";
        browser.push(stanza);
        browser.push(stanza);
        browser.push(stanza);
        assertThat(browser.poll(0).answer()).isEqualTo(body(stanza + stanza));
        assertThat(browser.poll(1).answer()).isEqualTo(body(stanza));
    }

    @Test
    void sendsOneStanzaHoweverLong() {
        String stanza = "<a>" + "x".repeat(100_000) + "</a>";
        browser.push(stanza);
        browser.push("<b/>");
        assertThat(browser.poll(0).answer()).isEqualTo(body(stanza));
        assertThat(browser.poll(1).answer()).isEqualTo(body("<b/>"));
    }

    @Test
    void repeatsTheSameBytesWithoutExecutingTwice() {
        browser.push("<m/>");
        FakeExchange first = browser.send(0, "<a/>");
        FakeExchange repeat = browser.send(0, "<a/>");
        assertThat(repeat.bytes()).isSameAs(first.bytes());
        assertThat(browser.stream.events).containsExactly("a");
    }

    @Test
    void repeatsAsManyAnswersAsRequestsMayBeOpen() {
        for (int n = 0; n < 3; n++) {
            browser.push("<m" + n + "/>");
            browser.poll(n);
        }
        assertThat(browser.poll(1).answer()).isEqualTo(body("<m1/>"));
        assertThat(browser.poll(2).answer()).isEqualTo(body("<m2/>"));
        assertThat(browser.poll(0).answer()).isEqualTo(terminal("item-not-found"));
        assertThat(browser.sessions.count()).isZero();
    }

    @Test
    void refusesAnotherPayloadUnderAnAnsweredRid() {
        browser.push("<m/>");
        browser.send(0, "<a/>");
        assertThat(browser.send(0, "<b/>").answer()).isEqualTo(terminal("item-not-found"));
        assertThat(browser.stream.events).containsExactly("a", "closed");
    }

    @Test
    void refusesAnotherPayloadUnderAHeldRid() {
        FakeExchange held = browser.send(0, "<a/>");
        assertThat(browser.send(0, "<b/>").answer()).isEqualTo(terminal("item-not-found"));
        assertThat(held.answer()).isEqualTo(terminal("other-request"));
        assertThat(browser.stream.events).containsExactly("a", "closed");
    }

    @Test
    void refusesARidAboveTheWindow() {
        FakeExchange held = browser.poll(0);
        assertThat(browser.poll(2).answer()).isEqualTo(terminal("item-not-found"));
        assertThat(held.answer()).isEqualTo(terminal("other-request"));
        assertThat(browser.sessions.count()).isZero();
    }

    @Test
    void refusesARidBelowTheFirst() {
        assertThat(browser.poll(-1).answer()).isEqualTo(terminal("item-not-found"));
    }

    @Test
    void takesOneMoreRequestToTerminate() {
        FakeExchange second = browser.send(1, "<b/>");
        FakeExchange third = browser.terminate(2, "<c/>");
        FakeExchange first = browser.send(0, "<a/>");
        assertThat(browser.stream.events).containsExactly("a", "b", "c", "closed");
        assertThat(first.answer()).isEqualTo(EMPTY);
        assertThat(second.answer()).contains("type='terminate'");
        assertThat(third.answer()).contains("type='terminate'");
    }

    @Test
    void holdsTheNewerConnectionOfARepeatedRequest() {
        FakeExchange older = browser.send(0, "<a/>");
        FakeExchange newer = browser.send(0, "<a/>");
        assertThat(older.answer()).isEqualTo(ERROR);
        assertThat(newer.isWatched()).isTrue();
        browser.push("<m/>");
        assertThat(newer.answer()).isEqualTo(body("<m/>"));
        assertThat(browser.stream.events).containsExactly("a");
    }

    @Test
    void takesARepeatOfARequestThatCameEarly() {
        FakeExchange older = browser.send(1, "<b/>");
        FakeExchange newer = browser.send(1, "<b/>");
        assertThat(older.answer()).isEqualTo(ERROR);
        browser.send(0, "<a/>");
        browser.push("<m/>");
        assertThat(newer.answer()).isEqualTo(body("<m/>"));
        assertThat(browser.stream.events).containsExactly("a", "b");
    }

    @Test
    void givesTheRepeatWhatItsLostConnectionMissed() {
        FakeExchange lost = browser.send(0, "<a/>");
        assertThat(lost.breakOff()).isTrue();
        assertThat(lost.answer()).isEqualTo(ERROR);
        assertThat(browser.push("<m/>")).isEqualTo(new Delivery.Queued(1));
        assertThat(browser.push("<n/>")).isEqualTo(new Delivery.Queued(2));
        assertThat(browser.send(0, "<a/>").answer()).isEqualTo(body("<m/><n/>"));
        assertThat(browser.stream.events).containsExactly("a");
    }

    @Test
    void holdsTheRepeatOfALostRequestWhenNothingWaits() {
        browser.poll(0).breakOff();
        FakeExchange repeat = browser.poll(0);
        assertThat(repeat.isHeld()).isTrue();
        browser.push("<m/>");
        assertThat(repeat.answer()).isEqualTo(body("<m/>"));
    }

    @Test
    void losesNothingWhenTheBrowserGoesOnWithoutRepeating() {
        browser.poll(0).breakOff();
        browser.push("<m/>");
        assertThat(browser.poll(1).answer()).isEqualTo(body("<m/>"));
        assertThat(browser.poll(0).answer()).isEqualTo(EMPTY);
    }

    @Test
    void forgetsTheWatchOfAConnectionThatARepeatReplaced() {
        FakeExchange older = browser.poll(0);
        FakeExchange newer = browser.poll(0);
        older.breakOff();
        browser.push("<m/>");
        assertThat(newer.answer()).isEqualTo(body("<m/>"));
    }

    @Test
    void keepsTwoHeldWhenAgreed() {
        browser = new FakeBrowser(FakeBrowser.config(2));
        FakeExchange first = browser.poll(0);
        FakeExchange second = browser.poll(1);
        assertThat(browser.held()).isEqualTo(2);
        FakeExchange third = browser.poll(2);
        assertThat(first.answer()).isEqualTo(EMPTY);
        browser.push("<a/>");
        browser.push("<b/>");
        assertThat(second.answer()).isEqualTo(body("<a/>"));
        assertThat(third.answer()).isEqualTo(body("<b/>"));
    }

    @Test
    void answersThroughTheSecondWhenTheFirstOfTwoIsLost() {
        browser = new FakeBrowser(FakeBrowser.config(2));
        FakeExchange first = browser.poll(0);
        FakeExchange second = browser.poll(1);
        first.breakOff();
        assertThat(browser.push("<m/>")).isInstanceOf(Delivery.Sent.class);
        assertThat(second.answer()).isEqualTo(body("<m/>"));
        assertThat(browser.poll(0).answer()).isEqualTo(EMPTY);
    }

    @Test
    void letsTheSecondOfTwoWaitItsTimeWhenTheFirstIsLost() {
        browser = new FakeBrowser(FakeBrowser.config(2));
        FakeExchange first = browser.poll(0);
        FakeExchange second = browser.poll(1);
        first.breakOff();
        browser.pass(Duration.ofSeconds(60));
        assertThat(second.answer()).isEqualTo(EMPTY);
        assertThat(browser.sessions.count()).isOne();
    }

    @Test
    void givesBothRepeatsTheirAnswersWhenTwoAreLost() {
        browser = new FakeBrowser(FakeBrowser.config(2));
        FakeExchange first = browser.poll(0);
        FakeExchange second = browser.poll(1);
        second.breakOff();
        first.breakOff();
        browser.push("<m/>");
        assertThat(browser.poll(0).answer()).isEqualTo(EMPTY);
        assertThat(browser.poll(1).answer()).isEqualTo(body("<m/>"));
    }
}
