package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.stream.IntStream;
import org.channelgateway.it.ReceivingFront.Received;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What pages of another origin than the gateway's send to their application. */
final class SocketSendIT extends EveryWayContract {
    private ReceivingFront front;

    @BeforeEach
    void standBefore() {
        front = new ReceivingFront(gateway.uri());
    }

    @Override
    @AfterEach
    void leaveNothing() {
        super.leaveNothing();
        front.close();
    }

    private Page behindFront() {
        return browser.open(pages.page(front.uri()));
    }

    /** A page that has an open socket in {@code socket}. */
    private Page listening(String token) {
        Page page = behindFront();
        new Timeline(page)
                .run("window.socket = new goog.appengine.Channel(arguments[0]).open(recorder('a'))", token)
                .shows(Timeline.opened("a"));
        return page;
    }

    private void awaitMessages(int count) {
        await().atMost(PageSocket.PATIENCE).until(() -> front.messages().size() >= count);
    }

    @Test
    void postsAFormInTheNameOfTheTokenWithoutAskingFirst() {
        String token = application.token(key);
        Page page = listening(token);

        assertThat(page.run("return socket.send('{\"move\": 3}')")).isEqualTo(true);

        awaitMessages(1);
        assertThat(front.received())
                .containsExactly(new Received(
                        "POST", "application/x-www-form-urlencoded;charset=UTF-8", token, "{\"move\": 3}"));
    }

    @Test
    void sendsOnlyWhileItIsOpen() {
        Timeline page = new Timeline(behindFront()).run("""
                const handler = recorder('a');
                const {onopen, onclose} = handler;
                handler.onopen = function () {
                    onopen.call(this);
                    note('open: ' + this.send('open'));
                    this.close();
                    note('closing: ' + this.send('closing'));
                };
                handler.onclose = function () {
                    onclose.call(this);
                    note('closed: ' + this.send('closed'));
                };
                const socket = new goog.appengine.Channel(arguments[0]).open(handler);
                note('connecting: ' + socket.send('connecting'));
                """, application.token(key));

        page.shows(
                "connecting: false",
                Timeline.opened("a"),
                "open: true",
                "closing: false",
                Timeline.closed("a"),
                "closed: false");
        awaitMessages(1);
        assertThat(front.messages()).containsExactly("open");
    }

    @Test
    void carriesEveryTextAsItIsAndInOrder() {
        Page page = listening(application.token(key));

        assertThat(page.run("return arguments[0].every((text) => socket.send(text))", Texts.ALL))
                .isEqualTo(true);

        awaitMessages(Texts.ALL.size());
        Texts.assertArrived(front.messages());
    }

    @Test
    void repeatsWhatWasNotTakenAndDropsWhatWasRefusedKeepingTheOrder() {
        Page page = listening(application.token(key));
        List.of(503, 502, 429, 204, 422, 401).forEach(front::refuseNext);

        page.run("['one', 'refused', 'refused too', 'two'].forEach((text) => socket.send(text))");

        awaitMessages(7);
        assertThat(front.messages()).containsExactly("one", "one", "one", "one", "refused", "refused too", "two");
        assertThat(page.texts("return timeline")).containsExactly(Timeline.opened("a"));
    }

    @Test
    void sendsWhatWaitsWhenItIsClosed() {
        Page page = listening(application.token(key));
        List<String> sent = IntStream.range(0, 50).mapToObj(String::valueOf).toList();

        page.run("arguments[0].forEach((text) => socket.send(text)); socket.close()", sent);

        awaitMessages(sent.size());
        assertThat(front.messages()).isEqualTo(sent);
    }

    @Test
    void sendsTheLastWordOfAPageThatIsLeft() {
        Page page = listening(application.token(key));
        page.run("addEventListener('pagehide', () => socket.send('good bye'))");

        page.go(pages.elsewhere());

        awaitMessages(1);
        assertThat(front.messages()).containsExactly("good bye");
    }
}
