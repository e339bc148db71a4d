package org.channelgateway.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.channelgateway.config.ConfigException;
import org.channelgateway.nginx.RawHttps.Answer;
import org.channelgateway.server.RunningGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library as nginx serves it. */
final class CachedLibraryIT {
    private static final String JSAPI = "/_ah/channel/jsapi";
    private static final String ENCODING = "Accept-Encoding";

    @TempDir
    Path folder;

    private RunningGateway gateway;
    private NginxProcess nginx;
    private RawHttps browser;

    @BeforeEach
    void start() throws IOException, ConfigException {
        gateway = RunningGateway.start(folder, "");
        nginx = new NginxProcess("embedded", Map.of(), gateway.uri());
        browser = new RawHttps(nginx.uri());
    }

    @AfterEach
    void stop() {
        nginx.close();
        gateway.close();
    }

    private static String cache(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        return answer.header("X-Cache-Status");
    }

    @Test
    void comesFromTheCacheFromTheSecondTimeOnWhateverTheQuery() {
        assertThat(cache(browser.get(JSAPI))).isEqualTo("MISS");
        for (String query : new String[] {"", "?", "?x=1", "?debug=2", "?debug=1&x"}) {
            Answer answer = browser.get(JSAPI + query);
            assertThat(cache(answer)).isEqualTo("HIT");
            assertThat(answer.header("Cache-Control")).isEqualTo("public, max-age=3600");
            assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");
        }
    }

    @Test
    void isKeptForEachEncoding() {
        assertThat(cache(browser.get(JSAPI, ENCODING, "br"))).isEqualTo("MISS");
        assertThat(cache(browser.get(JSAPI, ENCODING, "gzip"))).isEqualTo("MISS");
        assertThat(cache(browser.get(JSAPI))).isEqualTo("MISS");

        Answer brotli = browser.get(JSAPI, ENCODING, "br");
        Answer gzip = browser.get(JSAPI, ENCODING, "gzip");
        Answer plain = browser.get(JSAPI);

        assertThat(cache(brotli) + cache(gzip) + cache(plain)).isEqualTo("HITHITHIT");
        assertThat(brotli.header("Content-Encoding")).isEqualTo("br");
        assertThat(gzip.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(plain.header("Content-Encoding")).isEmpty();
        assertThat(plain.body()).isEqualTo(gateway.send("GET", JSAPI, "").body());
    }

    @Test
    void isNotSentAgainToWhoHasIt() {
        String tag = browser.get(JSAPI).header("ETag");

        Answer again = browser.get(JSAPI, "If-None-Match", tag);
        Answer other = browser.get(JSAPI, "If-None-Match", "\"other\"");

        assertThat(again.status()).isEqualTo(304);
        assertThat(again.header("X-Cache-Status")).isEqualTo("HIT");
        assertThat(again.body()).isEmpty();
        assertThat(cache(other)).isEqualTo("HIT");
    }

    @Test
    void isAskedForEachTimeInItsReadableForm() {
        Answer first = browser.get(JSAPI + "?debug=1");
        Answer second = browser.get(JSAPI + "?debug=1", "If-None-Match", first.header("ETag"));

        assertThat(cache(first)).isEmpty();
        assertThat(first.body()).hasSizeGreaterThan(browser.get(JSAPI).body().length());
        assertThat(second.status()).isEqualTo(304);
        assertThat(browser.get("/_ah/channel/jsapi-debug.js.map").status()).isEqualTo(200);
    }

    @Test
    void isServedWhileTheGatewayIsAway() {
        browser.get(JSAPI);
        gateway.close();

        assertThat(cache(browser.get(JSAPI))).isEqualTo("HIT");
        assertThat(browser.get(JSAPI + "?debug=1").status()).isEqualTo(503);
    }
}
