package org.channelgateway.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.channelgateway.registry.Callback;
import org.channelgateway.registry.CallbackKind;
import org.channelgateway.registry.CallbackState;
import org.channelgateway.registry.ChannelKey;
import org.junit.jupiter.api.Test;

final class CallbackBodyTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private static Callback callback(CallbackKind kind, String key, String message) {
        return new Callback(
                1,
                "connected-a",
                "guestbook",
                ChannelKey.of(key),
                kind,
                message.getBytes(StandardCharsets.UTF_8),
                CallbackState.RUNNING,
                1,
                NOW,
                NOW,
                null);
    }

    private static String text(CallbackBody body) {
        return new String(body.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void isAPartInUtf8WithTheNameOfTheTaskAsBoundary() {
        CallbackBody body = CallbackBody.of(callback(CallbackKind.CONNECTED, "é😀\r\n", ""));

        assertThat(body.contentType()).isEqualTo("multipart/form-data; boundary=connected-a");
        assertThat(text(body))
                .isEqualTo("--connected-a\r\n"
                        + "Content-Disposition: form-data; name=\"from\"\r\n"
                        + "Content-Type: text/plain; charset=UTF-8\r\n\r\n"
                        + "é😀\r\n\r\n--connected-a--\r\n");
    }

    @Test
    void isAFormForWhatAPageSent() {
        CallbackBody body = CallbackBody.of(callback(CallbackKind.RECEIVE, "a&b", "1 + 1 = 2 é"));

        assertThat(body.contentType()).isEqualTo("application/x-www-form-urlencoded");
        assertThat(text(body)).isEqualTo("key=a%26b&msg=1+%2B+1+%3D+2+%C3%A9");
    }

    /** RFC 4231 §4.3. */
    @Test
    void isSignedWithTheHmacOfItsBytes() {
        CallbackBody body = new CallbackBody("", "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII));

        assertThat(body.signature("Jefe"))
                .isEqualTo("sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    @Test
    void goesBelowTheAddressOfTheApplicationWithOrWithoutASlashAtItsEnd() {
        for (String base : new String[] {"http://app:9000", "http://app:9000/"}) {
            CallbackTarget target = new CallbackTarget(URI.create(base), "secret", true);
            assertThat(target.uri(CallbackKind.CONNECTED)).hasToString("http://app:9000/_ah/channel/connected/");
            assertThat(target.uri(CallbackKind.DISCONNECTED)).hasToString("http://app:9000/_ah/channel/disconnected/");
            assertThat(target.uri(CallbackKind.RECEIVE)).hasToString("http://app:9000/_ah/channel/receive");
            assertThat(target).asString().doesNotContain("secret");
        }
    }
}
