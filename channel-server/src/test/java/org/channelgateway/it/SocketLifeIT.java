package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What programs do with sockets besides listening to one. */
final class SocketLifeIT extends EveryWayContract {
    @Test
    void givesEachChannelOfAPageItsOwnMessages() {
        Page page = page();
        PageSocket first = page.open(application.token(key)).awaitOpen();
        PageSocket second = page.open(application.token(key + "/2")).awaitOpen();
        PageSocket sameAsFirst = page.open(application.token(key)).awaitOpen();

        application.send(key, "to the first key");
        application.send(key + "/2", "to the second key");

        List.of(first, second, sameAsFirst).forEach(socket -> socket.awaitMessages(1));
        assertThat(first.messages()).containsExactly("to the first key");
        assertThat(second.messages()).containsExactly("to the second key");
        assertThat(sameAsFirst.messages()).containsExactly("to the first key");
    }

    @Test
    void opensAgainOnTheSameChannelAfterClosing() {
        PageSocket socket = page().open(application.token(key)).awaitOpen();

        socket.close();
        socket.awaitClosed();
        assertThat(socket.calls()).containsExactly(PageSocket.OPENED, PageSocket.CLOSED);
        assertThat(gateway.api().subscribers(key)).hasValue(0);
        application.send(key, "to nobody");

        socket.reopen();
        awaitSubscribers(1);
        application.send(key, "to the second socket");
        socket.awaitMessages(1);
        assertThat(socket.messages()).containsExactly("to the second socket");
        assertThat(socket.calls())
                .containsExactly(PageSocket.OPENED, PageSocket.CLOSED, PageSocket.OPENED, PageSocket.MESSAGE);
    }

    @Test
    void callsTheCallbacksThatWereAssignedAfterOpen() {
        PageSocket socket =
                PageSocket.openWithLateCallbacks(page(), application.token(key)).awaitOpen();

        application.send(key, "to the late callback");
        socket.awaitMessages(1);
        application.revoke(key);

        socket.awaitClosed();
        assertThat(socket.calls())
                .containsExactly(PageSocket.OPENED, PageSocket.MESSAGE, PageSocket.INVALID, PageSocket.CLOSED);
    }

    @Test
    void needsNoCallbacks() {
        Page page = page();
        page.run("window.socket = new goog.appengine.Channel(arguments[0]).open();", application.token(key));
        awaitSubscribers(1);
        browser.console();

        application.send(key, "to nobody in particular");
        application.revoke(key);

        await().atMost(PageSocket.PATIENCE).until(() -> Long.valueOf(3).equals(page.run("return socket.readyState")));
        assertThat(browser.console()).noneMatch(line -> line.contains("Uncaught"));
    }

    @Test
    void connectsAgainWhenThePageComesBackFromTheBackForwardCache() {
        Page page = page();
        PageSocket socket = page.open(application.token(key)).awaitOpen();
        page.run("""
                window.restored = [];
                addEventListener('pageshow', (event) => window.restored.push(String(event.persisted)));
                """);

        page.go(pages.elsewhere());
        awaitSubscribers(0);
        application.send(key, "while it was away");
        page.back();

        awaitSubscribers(1);
        assertThat(page.texts("return window.restored")).containsExactly("true");
        application.send(key, "after it came back");
        socket.awaitMessages(1);
        assertThat(socket.messages()).containsExactly("after it came back");
        assertThat(socket.calls()).containsExactly(PageSocket.OPENED, PageSocket.MESSAGE);
    }
}
