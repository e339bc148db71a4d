package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.channelgateway.bosh.FakeBrowser.EMPTY;
import static org.channelgateway.bosh.FakeBrowser.body;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Acknowledgements of requests and of responses (XEP-0124 §9). */
class BoshAcknowledgementTest {
    private static final String OPEN = "<body xmlns='http://jabber.org/protocol/httpbind'";

    private FakeBrowser browser = acknowledging(1);

    private static FakeBrowser acknowledging(int hold) {
        return new FakeBrowser(FakeBrowser.config(hold), FakeBrowser.asking(60, hold, true), List.of());
    }

    @AfterEach
    void nothingIsLeftHeld() {
        browser.sessions.shutdown();
        assertThat(browser.held()).isZero();
        assertThat(browser.stream.events).containsOnlyOnce("closed").doesNotContain("NOT ALONE");
    }

    /** §7.2: the value is the rid of the request. */
    @Test
    void offersAcknowledgementsToABrowserThatAcknowledges() {
        assertThat(browser.creation.answer()).contains(" ack='1000' ");
    }

    /** §9.1: who was not told at the creation is not told later. */
    @Test
    void acknowledgesNothingToABrowserThatDoesNotAcknowledge() {
        browser.sessions.shutdown();
        browser = new FakeBrowser(FakeBrowser.config(1), 60, 1);
        assertThat(browser.creation.answer()).doesNotContain(" ack=");
        FakeExchange first = browser.poll(1);
        browser.poll(2);
        assertThat(first.answer()).isEqualTo(EMPTY);
    }

    /** §9.1: the highest rid up to which all requests have come. */
    @Test
    void acknowledgesALaterRequestWithTheAnswerToAnEarlierOne() {
        FakeExchange first = browser.poll(1);
        browser.poll(2);
        assertThat(first.answer()).isEqualTo(OPEN + " ack='1002'/>");
    }

    /** §9.1: not the rid of the request itself. */
    @Test
    void doesNotAcknowledgeTheRequestThatIsAnswered() {
        FakeExchange poll = browser.poll(1);
        browser.push("<m/>");
        assertThat(poll.answer()).isEqualTo(body("<m/>"));
    }

    /** §9.1: only where no rid is missing in between. */
    @Test
    void doesNotAcknowledgeARequestWhosePredecessorIsMissing() {
        browser.sessions.shutdown();
        browser = acknowledging(2);
        FakeExchange first = browser.poll(1);
        browser.poll(3);
        browser.push("<m/>");
        assertThat(first.answer()).isEqualTo(body("<m/>"));
        browser.poll(2);
    }

    @Test
    void repeatsAnAcknowledgementWithTheSameBytes() {
        FakeExchange first = browser.poll(1);
        browser.poll(2);
        assertThat(browser.poll(1).bytes()).isSameAs(first.bytes());
    }

    /** §9.2: at once, with {@code report} one above the {@code ack} and {@code time} in milliseconds. */
    @Test
    void reportsAResponseThatTheBrowserSeemsToMiss() {
        browser.push("<m/>");
        browser.poll(1);
        browser.pass(Duration.ofMillis(1852));
        FakeExchange next = browser.send(2, " ack='1000'", "");
        assertThat(next.answer()).isEqualTo(OPEN + " report='1001' time='1852'/>");
        assertThat(browser.poll(1).answer()).isEqualTo(body("<m/>"));
        assertThat(browser.poll(3).isHeld()).isTrue();
    }

    /** §9.2: "if some time has passed since it responded". */
    @Test
    void reportsNothingThatMayStillBeOnItsWay() {
        browser.push("<m/>");
        browser.poll(1);
        browser.pass(Acknowledgements.UNDER_WAY.minusMillis(1));
        assertThat(browser.send(2, " ack='1000'", "").isHeld()).isTrue();
    }

    @Test
    void holdsARequestOfABrowserThatHasAllResponses() {
        browser.push("<m/>");
        browser.poll(1);
        browser.pass(Duration.ofSeconds(5));
        assertThat(browser.send(2, " ack='1001'", "").isHeld()).isTrue();
    }

    @Test
    void reportsThroughTheNextResponseWhenTwoAreHeld() {
        browser.sessions.shutdown();
        browser = acknowledging(2);
        browser.push("<m/>");
        browser.poll(1);
        FakeExchange held = browser.poll(2);
        browser.pass(Duration.ofSeconds(2));
        FakeExchange next = browser.send(3, " ack='1000'", "");
        assertThat(held.answer()).isEqualTo(OPEN + " ack='1003' report='1001' time='2000'/>");
        assertThat(next.isHeld()).isTrue();
    }
}
