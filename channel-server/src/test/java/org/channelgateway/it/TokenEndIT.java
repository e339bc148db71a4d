package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page sees of a token that is not, or no longer, valid. */
final class TokenEndIT extends BrowserContract {
    private static final int MINUTES = 10;

    private static PageSocket open(String token) {
        return browser.open(pages.page(gateway.uri())).open(token);
    }

    private String token(Way way) {
        try (Sender application = way.open(gateway)) {
            return application.token(key, MINUTES);
        }
    }

    private static void seesOnly(PageSocket socket, String... calls) {
        socket.awaitClosed();
        assertThat(socket.calls()).containsExactly(calls);
        assertThat(socket.readyState()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("org.channelgateway.it.Way#toTest")
    void saysTimedOutToATokenThatExpiredBefore(Way way) {
        String token = token(way);
        gateway.clock().advance(Duration.ofMinutes(MINUTES));

        seesOnly(open(token), PageSocket.TIMED_OUT, PageSocket.CLOSED);
    }

    @ParameterizedTest
    @MethodSource("org.channelgateway.it.Way#toTest")
    void saysTimedOutWhenTheTokenExpiresWhileThePageIsOpen(Way way) {
        PageSocket socket = open(token(way)).awaitOpen();
        Duration last = gateway.clock().error().plusSeconds(1);
        gateway.clock().advance(Duration.ofMinutes(MINUTES).minus(last));
        assertThat(gateway.api().send(key, "in the last seconds")).isEqualTo(1);
        socket.awaitMessages(1);

        gateway.clock().advance(last);

        seesOnly(socket, PageSocket.OPENED, PageSocket.MESSAGE, PageSocket.TIMED_OUT, PageSocket.CLOSED);
        assertThat(gateway.api().send(key, "too late")).isZero();
    }

    @ParameterizedTest
    @MethodSource("org.channelgateway.it.Way#toTest")
    void saysInvalidWhenTheKeyIsRevokedWhileThePageIsOpen(Way way) {
        try (Sender application = way.open(gateway)) {
            String token = application.token(key);
            PageSocket socket = open(token).awaitOpen();

            application.revoke(key);

            seesOnly(socket, PageSocket.OPENED, PageSocket.INVALID, PageSocket.CLOSED);
            seesOnly(open(token), PageSocket.INVALID, PageSocket.CLOSED);
        }
    }

    @ParameterizedTest
    @MethodSource("org.channelgateway.it.Way#toTest")
    void endsNoOtherTokenOfTheKeyWhenOneIsRevoked(Way way) {
        try (Sender application = way.open(gateway)) {
            String token = application.token(key);
            PageSocket socket = open(token).awaitOpen();
            PageSocket other = open(application.token(key)).awaitOpen();

            application.revokeToken(token);

            seesOnly(socket, PageSocket.OPENED, PageSocket.INVALID, PageSocket.CLOSED);
            assertThat(application.send(key, "to the other")).isEqualTo(1);
            other.awaitMessages(1);
            assertThat(other.calls()).containsExactly(PageSocket.OPENED, PageSocket.MESSAGE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbled",
                "ct_________________________________________________",
                "<body xmlns='http://jabber.org/protocol/httpbind'/>",
                "漢字"
            })
    void saysInvalidToWhatIsNoToken(String text) {
        seesOnly(open(text), PageSocket.INVALID, PageSocket.CLOSED);
    }

    @Test
    void saysInvalidToATokenThatOneLetterIsWrongIn() {
        String token = gateway.api().token(key);
        char wrong = token.charAt(10) == 'A' ? 'B' : 'A';

        seesOnly(open(token.substring(0, 10) + wrong + token.substring(11)), PageSocket.INVALID, PageSocket.CLOSED);
        seesOnly(open(token.substring(1)), PageSocket.INVALID, PageSocket.CLOSED);
        seesOnly(open(token + token), PageSocket.INVALID, PageSocket.CLOSED);
    }

    @Test
    void ignoresWhiteSpaceAroundAToken() {
        assertThat(open(" " + gateway.api().token(key) + "\r\n").awaitOpen().calls())
                .containsExactly(PageSocket.OPENED);
    }
}
