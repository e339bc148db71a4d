package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pages that were written for Google's library: which callbacks they get, and in which order. */
final class GoogleSocketIT extends EveryWayContract {
    private static final int MINUTES = 10;

    private String expired() {
        String token = application.token(key, MINUTES);
        gateway.clock().advance(Duration.ofMinutes(MINUTES));
        return token;
    }

    @Test
    void isNeverCalledBackBeforeOpenOrCloseHasReturned() {
        Timeline page = timeline().run("""
                const handler = recorder('a');
                const onopen = handler.onopen;
                handler.onopen = function () {
                    onopen.call(this);
                    this.close();
                    note('closing ' + this.readyState);
                };
                const socket = new goog.appengine.Channel(arguments[0]).open(handler);
                note('opening ' + socket.readyState);
                """, application.token(key));

        page.shows("opening 0", Timeline.opened("a"), "closing 2", Timeline.closed("a"));
    }

    @Test
    void seesEachOfFourSocketsOfAPageEndInItsOwnWay() {
        String revoked = application.token(key);
        String timedOut = expired();
        String good = application.token(key);
        String garbled = "garbled";
        Timeline page = timeline().run("""
                const [good, garbled, timedOut, revoked] = arguments;
                window.sockets = {};
                for (const [name, token] of Object.entries({good, garbled, timedOut, revoked})) {
                    sockets[name] = new goog.appengine.Channel(token).open(recorder(name));
                }
                """, good, garbled, timedOut, revoked);
        awaitSubscribers(2);
        application.send(key, "to both");
        page.showsOf("revoked", Timeline.opened("revoked"), Timeline.message("revoked", "to both"));

        application.revokeToken(revoked);
        page.showsOf(
                "revoked",
                Timeline.opened("revoked"),
                Timeline.message("revoked", "to both"),
                Timeline.invalid("revoked"),
                Timeline.closed("revoked"));
        application.send(key, "to one");
        page.showsOf(
                "good",
                Timeline.opened("good"),
                Timeline.message("good", "to both"),
                Timeline.message("good", "to one"));
        page.run("sockets.good.close()");

        page.showsOf("garbled", Timeline.invalid("garbled"), Timeline.closed("garbled"));
        page.showsOf("timedOut", Timeline.timedOut("timedOut"), Timeline.closed("timedOut"));
        page.showsOf(
                "good",
                Timeline.opened("good"),
                Timeline.message("good", "to both"),
                Timeline.message("good", "to one"),
                Timeline.closed("good"));
        assertThat(page.notes()).hasSize(12);
    }

    @Test
    void opensAgainOnTheSameChannelFromWithinOnclose() {
        Timeline page = timeline().run("""
                const channel = new goog.appengine.Channel(arguments[0]);
                const handler = recorder('first');
                const onclose = handler.onclose;
                handler.onclose = function () {
                    onclose.call(this);
                    const second = channel.open();
                    Object.assign(second, recorder('second'));
                };
                window.socket = channel.open(handler);
                """, application.token(key));
        page.shows(Timeline.opened("first"));

        page.run("socket.close()");
        page.shows(Timeline.opened("first"), Timeline.closed("first"), Timeline.opened("second"));

        awaitSubscribers(1);
        application.send(key, "to the second");
        page.shows(
                Timeline.opened("first"),
                Timeline.closed("first"),
                Timeline.opened("second"),
                Timeline.message("second", "to the second"));
    }

    @Test
    void opensAnotherChannelFromWithinOnerrorWhenTheTokenTimedOut() {
        String timedOut = expired();
        Timeline page = timeline().run("""
                const [timedOut, fresh] = arguments;
                const handler = recorder('old');
                const onerror = handler.onerror;
                handler.onerror = function (error) {
                    onerror.call(this, error);
                    note(Number.isInteger(error.code) + ' ' + typeof error.description);
                    if (error.code === 401 && error.description === 'Token+timed+out.') {
                        this.close();
                        new goog.appengine.Channel(fresh).open(recorder('new'));
                    }
                };
                new goog.appengine.Channel(timedOut).open(handler);
                """, timedOut, application.token(key));

        page.shows(Timeline.timedOut("old"), "true string", Timeline.closed("old"), Timeline.opened("new"));
    }

    @Test
    void getsEachMessageInBothSocketsOfAChannelThatWasOpenedTwiceAtOnce() {
        Timeline page = timeline().run("""
                const channel = new goog.appengine.Channel(arguments[0]);
                channel.open(recorder('a'));
                channel.open(recorder('b'));
                """, application.token(key));
        awaitSubscribers(2);

        application.send(key, "to both");

        page.showsOf("a", Timeline.opened("a"), Timeline.message("a", "to both"));
        page.showsOf("b", Timeline.opened("b"), Timeline.message("b", "to both"));
    }

    @Test
    void getsNoMessageAnyMoreAfterItHasClosedFromWithinOnmessage() {
        Timeline page = timeline().run("""
                const handler = recorder('a');
                const onmessage = handler.onmessage;
                handler.onmessage = function (message) {
                    onmessage.call(this, message);
                    this.close();
                };
                new goog.appengine.Channel(arguments[0]).open(handler);
                """, application.token(key));
        awaitSubscribers(1);

        application.sendAtOnce(key, List.of("one", "two", "three"));

        page.shows(Timeline.opened("a"), Timeline.message("a", "one"), Timeline.closed("a"));
    }
}
