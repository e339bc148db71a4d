package org.channelgateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GatewayPathsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/_ah/channel/connected/",
                "/_ah/channel/jsapi",
                "/_ah/channel",
                "/_AH/Channel/connected/",
                "//_ah/channel/connected/",
                "//x/_ah/channel/connected/",
                "/\\\\x/_ah/channel/connected/",
                "//x:80/%5fah/channel/connected/",
                "/%2fx/_ah/channel/connected/",
                "//x/http-bind",
                "/_ah//channel/connected/",
                "/_ah/./channel/connected/",
                "/./_ah/channel/connected/",
                "/x/../_ah/channel/connected/",
                "/_ah//../channel/connected/",
                "/_ah/x/../channel/connected/",
                "/%5fah/channel/connected/",
                "/_ah/%63hannel/connected/",
                "/_ah/%2563hannel/connected/",
                "/_ah/%25252563hannel/connected/",
                "/_ah%2fchannel%2fconnected%2f",
                "/_ah%5cchannel/connected/",
                "/_ah\\channel\\connected\\",
                "/_ah;x=1/channel/connected/",
                "/_ah/channel;jsessionid=1/connected/",
                "/_ah;a%2fb/channel/connected/",
                "/_ah%3bx/channel/connected/",
                "/;x/_ah/channel/connected/",
                "/x/%2e%2e/_ah/channel/connected/",
                "/x/..;y/_ah/channel/connected/",
                "/%2e/_ah/channel/connected/",
                "/_ah%c0%afchannel/connected/",
                "/%u005fah/channel/connected/",
                "/_ah%20/channel/connected/",
                "/_ah/channel%00/connected/",
                "/_ah/%EF%BD%83hannel/connected/",
                "/http-bind",
                "/http-bind/",
                "/http-bindings",
                "/HTTP-BIND"
            })
    void areTheGatewaysHoweverTheyAreWritten(String path) {
        assertThat(GatewayPaths.has(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "/",
                "/_ah",
                "/_ah/",
                "/_ah/login",
                "/_ah/channels",
                "/_ah/admin/channel",
                "/_ah%",
                "/app/_ah/channel/connected/",
                "//x/app/_ah/channel/connected/",
                "/channel/_ah",
                "/http",
                "/docs/http-bind",
                "/a//b/../c;d=1/%2F%zz",
                "/100%25/50%/%2",
                "/é/%F0%9F%98%80"
            })
    void areTheApplicationsOtherwise(String path) {
        assertThat(GatewayPaths.has(path)).isFalse();
    }

    @Test
    void givesUpOnAPathThatIsEncodedAgainAndAgain() {
        assertThat(GatewayPaths.has("/x%" + "25".repeat(4000) + "41")).isTrue();
    }
}
