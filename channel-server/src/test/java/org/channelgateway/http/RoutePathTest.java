package org.channelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoutePathTest {
    private static final List<String> MESSAGES = RoutePath.split("/v1/channels/*/messages");

    @Test
    void isCutAtEverySlashAndNotDecoded() {
        assertThat(RoutePath.split("/")).containsExactly("");
        assertThat(RoutePath.split("/a/%2F/%2e%2E")).containsExactly("a", "%2F", "%2e%2E");
        assertThat(RoutePath.split("//a/")).containsExactly("", "a", "");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/channels/key/messages, 2",
        "/v1/channels/a%2Fb/messages, 2",
        "/v1/channels//messages, 2",
        "/v1/channels/*/messages, 2",
        "/v1/channels/a/b/messages, -1",
        "/v1/channels/key, -1",
        "/v1/channels/key/messages/, -1",
        "/V1/channels/key/messages, -1",
        "/v1/channels%2Fkey/messages, -1",
        "/v1/channels/key/%6Dessages, -1",
        "/v1/channels/key/.., -1",
    })
    void matchesOnlyWhatIsTheSameBesidesTheVariable(String path, int variable) {
        assertThat(RoutePath.match(MESSAGES, RoutePath.split(path))).isEqualTo(variable);
    }
}
