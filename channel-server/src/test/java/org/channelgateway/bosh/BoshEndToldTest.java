package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.channelgateway.bosh.FakeBrowser.terminal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.channelgateway.stream.StreamError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The next request learns why its session ended (XEP-0124 §17.2). */
class BoshEndToldTest {
    private final FakeBrowser browser = new FakeBrowser();

    @AfterEach
    void nothingIsLeftHeld() {
        browser.sessions.shutdown();
        assertThat(browser.held()).isZero();
        assertThat(browser.stream.events).containsOnlyOnce("closed");
    }

    /** What a request to its sid is answered when the session is not there any more. */
    private String gone() {
        return new String(browser.sessions.gone(browser.session.sid().value()), StandardCharsets.UTF_8);
    }

    @Test
    void tellsTheNextRequestOnceWhenNoneWasOpen() {
        browser.session.end(new StreamError("not-authorized", "Token+timed+out."));
        assertThat(gone())
                .contains(" condition='remote-stream-error' ", "<not-authorized ", ">Token+timed+out.</text>");
        assertThat(gone()).isEqualTo(terminal("item-not-found"));
    }

    @Test
    void tellsARequestThatWasUnderWay() {
        browser.session.terminate(BindingCondition.INTERNAL_SERVER_ERROR, null);
        assertThat(browser.poll(0).answer()).isEqualTo(terminal("internal-server-error"));
    }

    @Test
    void tellsABrowserThatDidNotRead() {
        for (int i = 0; i < 5; i++) {
            browser.push("<m/>");
        }
        assertThat(gone()).isEqualTo(terminal("policy-violation"));
    }

    @Test
    void saysNothingMoreToOneThatWasTold() {
        FakeExchange held = browser.poll(0);
        browser.session.terminate(BindingCondition.POLICY_VIOLATION, null);
        assertThat(held.answer()).isEqualTo(terminal("policy-violation"));
        assertThat(gone()).isEqualTo(terminal("item-not-found"));
    }

    /** §10: "as if the session does not exist". */
    @Test
    void saysOfAnInactiveSessionThatItIsNotThere() {
        browser.pass(Duration.ofSeconds(150));
        assertThat(gone()).isEqualTo(terminal("item-not-found"));
    }

    @Test
    void saysThatTheGatewayStops() {
        browser.sessions.shutdown();
        assertThat(gone()).isEqualTo(terminal("system-shutdown"));
    }

    @Test
    void forgetsTheReasonAfterAWhile() {
        browser.session.terminate(BindingCondition.POLICY_VIOLATION, null);
        browser.pass(Duration.ofSeconds(150));
        assertThat(gone()).isEqualTo(terminal("item-not-found"));
    }

    @Test
    void keepsNoMoreReasonsThanItHasRoomFor() {
        EndedSessions ended = new EndedSessions(Long.MAX_VALUE);
        for (int i = 0; i < 10_001; i++) {
            ended.add(new Sid("sid-" + i), BindingCondition.POLICY_VIOLATION, null, 0);
        }
        assertThat(ended.size()).isEqualTo(10_000);
        assertThat(ended.take("sid-0")).isNull();
        assertThat(ended.take("sid-10000")).isNotNull();
    }
}
