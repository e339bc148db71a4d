package org.channelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OriginsTest {
    private static final String HOST = "gateway.example:8080";

    private final Origins origins = new Origins(Set.of("https://app.example", "http://app.example:8000"));

    @Test
    void allowsWhatIsNoPage() {
        assertThat(origins.allows(null, HOST)).isTrue();
        assertThat(origins.allows(null, null)).isTrue();
    }

    @Test
    void allowsTheOriginsOfTheSettings() {
        assertThat(origins.allows("https://app.example", HOST)).isTrue();
        assertThat(origins.allows("http://app.example:8000", HOST)).isTrue();
    }

    @Test
    void allowsItsOwnOriginWhoeverEndsTls() {
        assertThat(origins.allows("http://gateway.example:8080", HOST)).isTrue();
        assertThat(origins.allows("https://gateway.example:8080", HOST)).isTrue();
        assertThat(origins.allows("https://gateway.example:8080", "Gateway.Example:8080"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "://gateway.example:8080",
                "gateway.example:8080",
                "http://gateway.example",
                "http://gateway.example:80801",
                "http://gateway.example:8080/",
                "http://gateway.example:8080.evil.example",
                "http://evil.example?gateway.example:8080",
                "http://gateway.example:8080@evil.example",
                "http://app.example",
                "https://app.example:8000",
                "https://app.example.evil.example",
                "https://APP.example",
                "https://sub.app.example",
                "*",
            })
    void allowsNoOther(String origin) {
        assertThat(origins.allows(origin, HOST)).isFalse();
    }

    @Test
    void hasNoOriginOfItsOwnWhereNoHostIsNamed() {
        assertThat(origins.allows("http://gateway.example:8080", null)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example, https://app.example",
        "HTTPS://App.Example, https://app.example",
        "http://app.example:8000, http://app.example:8000",
        "http://app.example:80, http://app.example",
        "https://app.example:443, https://app.example",
        "https://app.example:80, https://app.example:80",
        "http://127.0.0.1:1, http://127.0.0.1:1",
        "http://[::1]:8080, http://[::1]:8080",
    })
    void readsAnOriginOfTheSettingsAsBrowsersSendIt(String written, String sent) {
        assertThat(Origins.checked("origins", written)).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://user@www.example.org",
                "http://www.example.org:65536",
                "",
                "*",
                "null",
                "app.example",
                "app.example:8000",
                "//app.example",
                "http://",
                "http:app.example",
                "ftp://app.example",
                "https://*.example",
                "https://app.example/",
                "https://app.example/page",
                "https://app.example?x",
                "https://app.example#x",
                "https://app example",
                "https://app.example:x",
            })
    void refusesAnythingElseInTheSettings(String written) {
        assertThatThrownBy(() -> Origins.checked("apps.guestbook.origins", written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("apps.guestbook.origins: " + written
                        + " (expected: http://host[:port] or https://host[:port])");
    }
}
