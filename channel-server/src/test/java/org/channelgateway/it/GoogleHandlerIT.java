package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

/** Pages that were written for Google's library: what they may give as callbacks, and where from. */
final class GoogleHandlerIT extends EveryWayContract {
    @Test
    void callsWhatTheHandlerHasWhenACallbackIsDueWithTheSocketAsThis() {
        Timeline page = timeline().run("""
                window.handler = recorder('before');
                window.socket = new goog.appengine.Channel(arguments[0]).open(handler);
                """, application.token(key));
        page.shows(Timeline.opened("before"));
        awaitSubscribers(1);

        page.run("""
                handler.onmessage = function (message) {
                    note((this === socket) + ' ' + arguments.length + ' ' + message.data);
                    this.onmessage = recorder('assigned').onmessage;
                };
                """);
        application.send(key, "one");
        application.send(key, "two");

        page.shows(Timeline.opened("before"), "true 1 one", Timeline.message("assigned", "two"));
    }

    @Test
    void doesNotMindMisspeltCallbacksNorMissingOnes() {
        Page page = page();
        Timeline timeline = new Timeline(page);
        browser.console();
        timeline.run("""
                const handler = {
                    onClose: () => note('misspelt'),
                    onmessage: recorder('a').onmessage,
                    onerror: undefined,
                };
                window.socket = new goog.appengine.Channel(arguments[0]).open(handler);
                socket.onError = socket.onOpen = socket.onMessage = () => note('misspelt');
                """, application.token(key));
        awaitSubscribers(1);

        application.send(key, "one");
        timeline.shows(Timeline.message("a", "one"));
        application.revoke(key);

        await().atMost(PageSocket.PATIENCE).until(() -> Long.valueOf(3).equals(page.run("return socket.readyState")));
        timeline.shows(Timeline.message("a", "one"));
        assertThat(browser.console()).noneMatch(line -> line.contains("Uncaught"));
    }

    @Test
    void showsInTheConsoleWhatACallbackThrowsAndCallsTheNext() {
        Timeline page = timeline();
        browser.console();
        page.run("""
                const handler = recorder('a');
                handler.onopen = handler.onmessage = handler.onerror = function () {
                    note('throws');
                    throw new Error('thrown by a callback');
                };
                new goog.appengine.Channel(arguments[0]).open(handler);
                """, application.token(key));
        awaitSubscribers(1);

        application.send(key, "one");
        page.shows("throws", "throws");
        application.revoke(key);

        page.shows("throws", "throws", "throws", Timeline.closed("a"));
        assertThat(browser.console())
                .filteredOn(line -> line.contains("Uncaught") && line.contains("thrown by a callback"))
                .hasSize(3);
    }

    @Test
    void throwsGooglesWordsFromTheHeadAndOpensOnceThereIsABody() {
        Page page = browser.open(pages.scriptInHead(gateway.uri(), application.token(key)));
        Timeline timeline = new Timeline(page);

        assertThat(page.run("return thrown"))
                .isEqualTo("document.body is not defined -- do not create socket from script in <head>.");
        assertThat(gateway.api().subscribers(key)).hasValue(0);
        timeline.run("channel.open(recorder('a'))").shows(Timeline.opened("a"));
    }

    @Test
    void letsProgramsDeriveFromTheHandlerAndTheChannelAsBeforeClasses() {
        Timeline page = timeline().run("""
                const {Channel, Socket} = goog.appengine;
                function MyHandler() {
                    Socket.Handler.call(this);
                }
                MyHandler.prototype = Object.assign(new Socket.Handler(), recorder('a'));
                function MyChannel(token) {
                    Channel.call(this, token);
                }
                MyChannel.prototype = Object.create(Channel.prototype);
                const socket = new MyChannel(arguments[0] + '\\n').open(new MyHandler());
                note([socket instanceof Socket, socket.readyState === Socket.ReadyState.CONNECTING]);
                """, application.token(key));

        page.shows("true,true", Timeline.opened("a"));
    }
}
