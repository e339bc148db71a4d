package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.channelgateway.bosh.FakeBrowser.EMPTY;
import static org.channelgateway.bosh.FakeBrowser.body;
import static org.channelgateway.bosh.FakeBrowser.terminal;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pauses (XEP-0124 §10). */
class BoshPauseTest {
    private final FakeBrowser browser = new FakeBrowser();

    @AfterEach
    void nothingIsLeftHeld() {
        browser.sessions.shutdown();
        assertThat(browser.held()).isZero();
        assertThat(browser.stream.events).containsOnlyOnce("closed").doesNotContain("NOT ALONE");
    }

    private FakeExchange pause(long n, int seconds) {
        return browser.send(n, " pause='" + seconds + "'", "");
    }

    @Test
    void answersThePauseAndWhatIsHeldAtOnce() {
        FakeExchange held = browser.poll(0);
        FakeExchange pause = pause(1, 60);
        assertThat(held.answer()).isEqualTo(EMPTY);
        assertThat(pause.answer()).isEqualTo(EMPTY);
    }

    /** "The response to the pause request MUST NOT contain any payloads". */
    @Test
    void keepsWhatWaitsForTheRequestAfterThePause() {
        browser.push("<a/>");
        assertThat(pause(0, 60).answer()).isEqualTo(EMPTY);
        browser.push("<b/>");
        assertThat(browser.poll(1).answer()).isEqualTo(body("<a/><b/>"));
    }

    @Test
    void handsUpWhatComesWithAPause() {
        assertThat(browser.send(0, " pause='60'", "<a/>").answer()).isEqualTo(EMPTY);
        assertThat(browser.stream.events).containsExactly("a");
    }

    /** "a temporary reduction of the maximum inactivity period". */
    @Test
    void endsASessionThatIsNotBackInTime() {
        pause(0, 10);
        browser.pass(Duration.ofSeconds(9));
        assertThat(browser.sessions.count()).isOne();
        browser.pass(Duration.ofSeconds(1));
        assertThat(browser.poll(1).answer()).isEqualTo(terminal("item-not-found"));
    }

    @Test
    void waitsAsLongAsAPauseAsks() {
        FakeBrowser brief =
                new FakeBrowser(new BoshConfig(Duration.ofSeconds(60), 1, Duration.ofSeconds(10), 65_536, 4, 1 << 20));
        brief.send(0, " pause='120'", "");
        brief.pass(Duration.ofSeconds(119));
        assertThat(brief.sessions.count()).isOne();
        brief.sessions.shutdown();
    }

    /** "back to normal upon reception of the next request". */
    @Test
    void forgetsThePauseWithTheNextRequest() {
        pause(0, 10);
        browser.push("<m/>");
        browser.poll(1);
        browser.pass(Duration.ofSeconds(149));
        assertThat(browser.sessions.count()).isOne();
    }

    @Test
    void repeatsTheAnswerToAPause() {
        FakeExchange pause = pause(0, 60);
        assertThat(pause(0, 60).bytes()).isSameAs(pause.bytes());
    }

    /** §11: one more than {@code requests}, if it is to pause. */
    @Test
    void takesOneMoreRequestToPause() {
        FakeExchange second = browser.poll(1);
        FakeExchange pause = pause(2, 60);
        browser.poll(0);
        assertThat(second.answer()).isEqualTo(EMPTY);
        assertThat(pause.answer()).isEqualTo(EMPTY);
    }

    @Test
    void refusesAPauseAboveTheGreatest() {
        FakeExchange held = browser.poll(0);
        assertThat(pause(1, 151).answer()).isEqualTo(terminal("policy-violation"));
        assertThat(held.answer()).isEqualTo(terminal("other-request"));
        assertThat(browser.sessions.count()).isZero();
    }
}
