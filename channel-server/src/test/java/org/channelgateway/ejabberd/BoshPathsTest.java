package org.channelgateway.ejabberd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BoshPathsTest {
    private static final Instant EXPIRES = Instant.ofEpochSecond(1_795_685_148);
    private static final String SID = "a-sid";

    private final BoshPaths paths = new BoshPaths("a secret of the gateways".getBytes(StandardCharsets.UTF_8));

    private static BoshPath parsed(String path) {
        return Objects.requireNonNull(BoshPath.parse(path));
    }

    @Test
    void isGoodForItsSessionAtEveryGatewayAndTellsNodeAndExpiry() {
        String path = paths.path("one", EXPIRES, SID);
        BoshPath parsed = parsed(path);

        assertThat(path).matches("/http-bind/one/1795685148/[A-Za-z0-9_-]{22}").doesNotContain(SID);
        assertThat(parsed.node()).isEqualTo("one");
        assertThat(parsed.expiry()).isEqualTo(EXPIRES.getEpochSecond());
        assertThat(new BoshPaths("a secret of the gateways".getBytes(StandardCharsets.UTF_8)).isOf(parsed, SID))
                .isTrue();
    }

    @Test
    void isGoodForNothingElse() {
        String path = paths.path("one", EXPIRES, SID);

        assertThat(paths.isOf(parsed(path), "another-sid")).isFalse();
        assertThat(paths.isOf(parsed(path.replace("/one/", "/two/")), SID)).isFalse();
        assertThat(paths.isOf(parsed(path.replace("1795685148", "1795685149")), SID))
                .isFalse();
        assertThat(paths.isOf(parsed(path + "A"), SID)).isFalse();
        assertThat(new BoshPaths(new byte[] {1}).isOf(parsed(path), SID)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/http-bind",
                "/http-bind/one/1795685148",
                "/http-bind/one/1795685148/mac/more",
                "/http-bind/one/-1/mac",
                "/http-bind/one/01/mac",
                "/http-bind/one/1e9/mac",
                "/http-bind/one/1234567890123/mac",
                "/http-bind/one//mac",
                "/other/one/1795685148/mac",
            })
    void hasOneShape(String path) {
        assertThat(BoshPath.parse(path)).isNull();
    }
}
