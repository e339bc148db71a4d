package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.channelgateway.bosh.FakeBrowser.EMPTY;
import static org.channelgateway.bosh.FakeBrowser.body;
import static org.channelgateway.bosh.FakeBrowser.terminal;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.channelgateway.limit.FullException;
import org.channelgateway.stats.RefusalCounts.Refusal;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.stream.StreamError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waiting, inactivity and the end of a session (XEP-0124 §8, §10, §12, §13, §17.2). */
class BoshSessionEndTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String ENDED = "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate'>";

    private FakeBrowser browser = new FakeBrowser();

    @AfterEach
    void nothingIsLeftHeld() {
        browser.sessions.shutdown();
        assertThat(browser.held()).isZero();
        assertThat(browser.sessions.count()).isZero();
        assertThat(browser.stream.events).containsOnlyOnce("closed").doesNotContain("NOT ALONE");
    }

    @Test
    void livesOnWhileRequestsComeForWhichThereIsNoRoom() {
        assertThat(browser.sessions.early().claim(null).growTo(Integer.MAX_VALUE))
                .isTrue();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> browser.send(1, "<message xmlns='jabber:client'/>"))
                    .isInstanceOf(FullException.class);
            browser.pass(FakeBrowser.config(1).inactivity().minus(SECOND));
        }
        assertThat(browser.sessions.count()).isEqualTo(1);
        browser.pass(SECOND);
        assertThat(browser.sessions.count()).isZero();
    }

    @Test
    void answersAnIdleRequestEmptyWhenItHasWaited() {
        FakeExchange poll = browser.poll(0);
        browser.pass(Duration.ofSeconds(59));
        assertThat(poll.isHeld()).isTrue();
        browser.pass(SECOND);
        assertThat(poll.answer()).isEqualTo(EMPTY);
        assertThat(browser.poll(1).isHeld()).isTrue();
    }

    @Test
    void answersEachOfTwoWhenItHasWaited() {
        browser = new FakeBrowser(FakeBrowser.config(2));
        FakeExchange first = browser.poll(0);
        browser.pass(Duration.ofSeconds(10));
        FakeExchange second = browser.poll(1);
        browser.pass(Duration.ofSeconds(50));
        assertThat(first.answer()).isEqualTo(EMPTY);
        assertThat(second.isHeld()).isTrue();
        browser.pass(Duration.ofSeconds(10));
        assertThat(second.answer()).isEqualTo(EMPTY);
    }

    @Test
    void countsTheTimeOfALostRequestFromItsFirstArrival() {
        browser.poll(0).breakOff();
        browser.pass(Duration.ofSeconds(61));
        FakeExchange repeat = browser.poll(0);
        browser.pass(SECOND);
        assertThat(repeat.answer()).isEqualTo(EMPTY);
    }

    @Test
    void endsSoonWhenTheBrowserThatItWasMadeForNeverComes() {
        browser.pass(HeldRequests.FIRST_REQUEST.minus(SECOND));
        assertThat(browser.sessions.count()).isOne();
        browser.pass(SECOND);
        assertThat(browser.sessions.count()).isZero();
        assertThat(browser.stream.events).containsExactly("closed");
        assertThat(browser.poll(0).answer()).isEqualTo(terminal("item-not-found"));
    }

    @Test
    void countsInactivityFromTheLastAnswer() {
        browser.poll(0);
        browser.pass(Duration.ofSeconds(60));
        browser.pass(Duration.ofSeconds(149));
        assertThat(browser.sessions.count()).isOne();
        browser.pass(SECOND);
        assertThat(browser.sessions.count()).isZero();
    }

    @Test
    void countsInactivityFromALostConnection() {
        browser.poll(0).breakOff();
        browser.pass(Duration.ofSeconds(149));
        assertThat(browser.sessions.count()).isOne();
        browser.pass(SECOND);
        assertThat(browser.sessions.count()).isZero();
    }

    @Test
    void isKeptAliveByRepeatsOfAnsweredRequests() {
        browser.push("<m/>");
        browser.poll(0);
        browser.pass(Duration.ofSeconds(100));
        browser.poll(0);
        browser.pass(Duration.ofSeconds(149));
        assertThat(browser.sessions.count()).isOne();
    }

    @Test
    void countsInactivityFromARequestThatCameEarly() {
        browser.pass(HeldRequests.FIRST_REQUEST.minus(SECOND));
        browser.poll(1);
        browser.pass(Duration.ofSeconds(149));
        assertThat(browser.sessions.count()).isOne();
        browser.pass(SECOND);
        assertThat(browser.sessions.count()).isZero();
    }

    @Test
    void isNotKeptAliveByARequestWhosePredecessorNeverComes() {
        FakeExchange early = browser.poll(1);
        browser.pass(Duration.ofSeconds(150));
        assertThat(early.answer()).isEqualTo(terminal("item-not-found"));
    }

    @Test
    void answersAPollingSessionAtOnce() {
        browser = new FakeBrowser(FakeBrowser.config(1), 0, 1);
        assertThat(browser.session.terms().requests()).isEqualTo(1);
        assertThat(browser.poll(1).answer()).isEqualTo(EMPTY);
        browser.push("<m/>");
        browser.pass(PollPace.POLLING);
        assertThat(browser.poll(2).answer()).isEqualTo(body("<m/>"));
        assertThat(browser.poll(3).answer()).isEqualTo(EMPTY);
    }

    @Test
    void answersAtOnceWhenTheBrowserWantsNothingHeld() {
        browser = new FakeBrowser(FakeBrowser.config(1), 60, 0);
        assertThat(browser.session.terms().waitTime()).isZero();
        assertThat(browser.poll(1).answer()).isEqualTo(EMPTY);
    }

    @Test
    void handsUpWhatComesWithATermination() {
        FakeExchange held = browser.poll(0);
        FakeExchange last = browser.terminate(1, "<presence xmlns='jabber:client' type='unavailable'/>");
        assertThat(browser.stream.events).containsExactly("presence", "closed");
        assertThat(held.answer()).isEqualTo(ENDED + "</body>");
        assertThat(last.answer()).isEqualTo(ENDED + "</body>");
        assertThat(browser.poll(2).answer()).isEqualTo(terminal("item-not-found"));
    }

    @Test
    void sendsWhatWaitsWithTheAnswerToATermination() {
        browser.push("<m/>");
        assertThat(browser.terminate(0, "").answer()).isEqualTo(ENDED + "<m/></body>");
    }

    @Test
    void tellsHeldRequestsWhyTheGatewayEnds() {
        FakeExchange held = browser.poll(0);
        FakeExchange early = browser.poll(1);
        browser.session.terminate(
                BindingCondition.REMOTE_STREAM_ERROR, new StreamError("not-authorized", "a < b & 'c'"));
        assertThat(held.answer()).isEqualTo(EMPTY);
        assertThat(early.answer())
                .isEqualTo("<body xmlns='http://jabber.org/protocol/httpbind' type='terminate'"
                        + " condition='remote-stream-error' xmlns:stream='http://etherx.jabber.org/streams'>"
                        + "<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                        + "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>a &lt; b &amp; 'c'</text>"
                        + "</stream:error></body>");
    }

    @Test
    void endsOnceHoweverOften() {
        browser.session.terminate(BindingCondition.SYSTEM_SHUTDOWN, null);
        browser.session.terminate(null, null);
        browser.sessions.shutdown();
        assertThat(browser.stream.events).containsExactly("closed");
        assertThat(browser.push("<m/>")).isEqualTo(new Delivery.Refused(0));
    }

    @Test
    void endsABrowserThatDoesNotRead() {
        for (int i = 0; i < 4; i++) {
            assertThat(browser.push("<m" + i + "/>")).isEqualTo(new Delivery.Queued(i + 1));
        }
        assertThat(browser.push("<m4/>")).isEqualTo(new Delivery.Refused(4));
        assertThat(browser.stream.events).containsExactly("closed");
        assertThat(browser.sessions.count()).isZero();
    }

    @Test
    void saysPolicyViolationToARequestThatIsOpenAtAnOverflow() {
        FakeExchange early = browser.poll(1);
        for (int i = 0; i < 5; i++) {
            browser.push("<m/>");
        }
        assertThat(early.answer()).contains("condition='policy-violation'").contains("<m/><m/><m/><m/>");
    }

    @Test
    void endsWhenTheApplicationThrows() {
        browser.stream.onStanza(stanza -> {
            throw new IllegalStateException("as a test wants it");
        });
        assertThat(browser.send(0, "<a/>").answer()).isEqualTo(terminal("internal-server-error"));
        assertThat(browser.refusals.all()).isEqualTo(Map.of(new Refusal("bosh", "internal-server-error"), 1L));
        assertThat(browser.stream.events).containsExactly("a", "closed");
    }

    @Test
    void endsWhenTheApplicationFailsAnAssertion() {
        browser.stream.onStanza(stanza -> {
            throw new AssertionError("as a test wants it");
        });
        assertThat(browser.send(0, "<a/>").answer()).isEqualTo(terminal("internal-server-error"));
        assertThat(browser.stream.events).containsExactly("a", "closed");
    }

    @Test
    void endsFromWithinAStanza() {
        browser.stream.onStanza(stanza -> browser.session.terminate(BindingCondition.POLICY_VIOLATION, null));
        assertThat(browser.send(0, "<a/>").answer()).isEqualTo(terminal("policy-violation"));
        assertThat(browser.stream.events).containsExactly("a", "closed");
    }

    @Test
    void closesTheStreamOnlyAfterTheStanzaBeingHandled()
            throws InterruptedException, ExecutionException, TimeoutException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        browser.stream.onStanza(stanza -> {
            inside.countDown();
            await(ended);
        });
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<FakeExchange> sent = other.submit(() -> browser.send(0, "<a/>"));
            await(inside);
            browser.session.terminate(BindingCondition.SYSTEM_SHUTDOWN, null);
            assertThat(browser.stream.events).containsExactly("a");
            ended.countDown();
            assertThat(sent.get(10, TimeUnit.SECONDS).answer()).isEqualTo(terminal("system-shutdown"));
            assertThat(browser.stream.events).containsExactly("a", "closed");
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void isNotEndedByInactivityWhileAStanzaIsHandled() {
        browser.stream.onStanza(stanza -> browser.pass(Duration.ofSeconds(1000)));
        assertThat(browser.send(0, "<a/>").isHeld()).isTrue();
        assertThat(browser.sessions.count()).isOne();
    }

    @Test
    void endsTheOthersWhenAnApplicationThrowsAtTheEndOfOne() {
        BoshSession bad = browser.sessions.attach(session -> new StreamApplication.Stream() {
            @Override
            public void restarted() {}

            @Override
            public void received(org.channelgateway.xml.XmlElement stanza) {}

            @Override
            public void closed() {
                throw new IllegalStateException("as a test wants it");
            }
        });
        assertThat(bad.terms()).isEqualTo(browser.session.terms());
        browser.sessions.shutdown();
        assertThat(browser.sessions.count()).isZero();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
