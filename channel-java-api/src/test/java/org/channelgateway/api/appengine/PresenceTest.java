package org.channelgateway.api.appengine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PresenceTest {
    private static final String CONNECTED = "/_ah/channel/connected/";
    private static final String TYPE = "multipart/form-data; boundary=b";
    private static final String FROM = "Content-Disposition: form-data; name=\"from\"\r\n";

    private static Presence read(String type, String body) throws IOException {
        return Presence.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), type, CONNECTED);
    }

    private static String part(String headers, String content) {
        return "--b\r\n" + headers + "\r\n" + content + "\r\n--b--\r\n";
    }

    private static void refuses(String type, String body, String why) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> read(type, body))
                .withMessage("Could not parse incoming request.")
                .havingCause()
                .withMessageContaining(why);
    }

    @Test
    void readsTheClientId() throws IOException {
        assertThat(read(TYPE, part(FROM + "Content-Type: text/plain; charset=UTF-8\r\n", "Zoë")))
                .isEqualTo(new Presence(true, "Zoë"));
    }

    @Test
    void saysWhyABodyIsNotRead() {
        refuses("form", part(FROM, "a"), "Content-Type: form (expected: a type and a subtype)");
        refuses("", part(FROM, "a"), "Content-Type: no value");
        refuses("multipart/form-data; boundary", part(FROM, "a"), "(expected: ; name=value)");
        refuses("application/x-www-form-urlencoded", "from=a", "no start boundary");
        refuses(TYPE, "--c\r\n" + FROM, "no start boundary");
        refuses(TYPE, part(FROM + "Content-Transfer-Encoding: zip\r\n", "a"), "Content-Transfer-Encoding: zip");
        refuses(TYPE, part(FROM + "Content-Transfer-Encoding: base64\r\n", "abcde"), "no base64");
    }

    @Test
    void takesNoMoreThanAClientIdNeeds() {
        refuses(TYPE, part(FROM, "a".repeat(1 << 16)), "more than 65536 bytes");
        refuses(TYPE, ("--b\r\n" + FROM.replace("from", "x") + "\r\na\r\n").repeat(33), "more than 32 parts");
        StringBuilder headers = new StringBuilder();
        for (int i = 0; i < 33; i++) {
            headers.append("X-").append(i).append(": y\r\n");
        }
        refuses(TYPE, part(headers.toString(), "a"), "more than 32 headers");
    }

    /** A pattern that tries everything would not end here. */
    @ParameterizedTest
    @ValueSource(
            strings = {"; a", "; a=", "; a=\"", "; a=\"\\", "; a=\"\\\"", ";", ";;", "; =a", "; a = b", " ; a\t=\"b\" "
            })
    void endsWhateverAHeaderSays(String piece) {
        String header = "form-data" + piece.repeat(20_000 / piece.length());
        try {
            assertThat(HeaderValue.parse("Content-Disposition", header).value()).isEqualTo("form-data");
        } catch (MultipartException e) {
            assertThat(e).hasMessageStartingWith("Content-Disposition: at ");
        }
    }

    @Test
    void failsInNoOtherWayWhateverTheBodyIs() {
        Random random = new Random(42);
        String[] pieces = {
            "--b",
            "--",
            "\r\n",
            "\n",
            "\r",
            ":",
            ";",
            " ",
            "\t",
            "=",
            "\"",
            "\\",
            FROM,
            "Content-Type: ",
            "text/plain",
            "charset=",
            "base64",
            "Content-Transfer-Encoding: ",
            "a",
            "ü"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder body = new StringBuilder("--b\r\n");
            random.ints(random.nextInt(20), 0, pieces.length).forEach(piece -> body.append(pieces[piece]));
            try {
                assertThat(read(TYPE, body.toString()).isConnected()).isTrue();
            } catch (IOException | IllegalArgumentException e) {
                assertThat(e).hasMessageMatching("(?s)Could not parse incoming request\\.|Can't determine clientId.*");
            }
        }
    }
}
