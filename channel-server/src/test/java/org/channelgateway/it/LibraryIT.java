package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of the browser library as HTTP serves them. */
final class LibraryIT {
    private static final String JSAPI = "_ah/channel/jsapi";
    private static final String DEBUG = JSAPI + "?debug=1";
    private static final String MAP = "_ah/channel/jsapi-debug.js.map";

    private static GatewayFixture gateway;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
        http = ChannelApi.client();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.uri().resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void servesTheMinifiedLibraryToCache() throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get(JSAPI);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(header(answer, "Cache-Control")).contains("max-age=");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(answer, "Vary")).contains("Accept-Encoding");
        assertThat(header(answer, "Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");
        assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("SPDX-License-Identifier");
    }

    @ParameterizedTest
    @CsvSource({"_ah/channel/jsapi", "_ah/channel/jsapi?debug=1", "_ah/channel/jsapi-debug.js.map"})
    void servesTheSameCompressed(String path) throws IOException, InterruptedException {
        byte[] plain = get(path).body();
        HttpResponse<byte[]> gzip = get(path, "Accept-Encoding", "gzip");
        HttpResponse<byte[]> brotli = get(path, "Accept-Encoding", "gzip, deflate, br");
        HttpResponse<byte[]> refused = get(path, "Accept-Encoding", "br;q=0, gzip;q=0");

        assertThat(header(gzip, "Content-Encoding")).isEqualTo("gzip");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip.body())).readAllBytes())
                .isEqualTo(plain);
        assertThat(header(brotli, "Content-Encoding")).isEqualTo("br");
        assertThat(brotli.body()).hasSizeLessThan(gzip.body().length);
        assertThat(header(refused, "Content-Encoding")).isEmpty();
        assertThat(refused.body()).isEqualTo(plain);
        assertThat(List.of(header(gzip, "ETag"), header(brotli, "ETag"), header(refused, "ETag")))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"_ah/channel/jsapi", "_ah/channel/jsapi?debug=1", "_ah/channel/jsapi-debug.js.map"})
    void answersNotModifiedToTheTagOfWhatTheBrowserHas(String path) throws IOException, InterruptedException {
        for (String encoding : List.of("identity", "gzip", "br")) {
            String tag = header(get(path, "Accept-Encoding", encoding), "ETag");

            HttpResponse<byte[]> again = get(path, "Accept-Encoding", encoding, "If-None-Match", tag);
            HttpResponse<byte[]> other = get(path, "Accept-Encoding", encoding, "If-None-Match", "\"something else\"");

            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(header(again, "ETag")).isEqualTo(tag);
            assertThat(other.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void answersHeadAsGetWithoutABody() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri().resolve(JSAPI))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<byte[]> head = http.send(request, BodyHandlers.ofByteArray());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "Content-Length"))
                .isEqualTo(String.valueOf(get(JSAPI).body().length));
    }

    @Test
    void namesASourceMapThatLeadsBackToTheSources() throws IOException, InterruptedException {
        HttpResponse<byte[]> debug = get(DEBUG);
        String script = new String(debug.body(), StandardCharsets.UTF_8);
        JsonNode map = new ObjectMapper().readTree(get(MAP).body());

        assertThat(debug.body()).hasSizeGreaterThan(get(JSAPI).body().length);
        assertThat(script.stripTrailing()).endsWith("//# sourceMappingURL=jsapi-debug.js.map");
        assertThat(map.path("version").intValue()).isEqualTo(3);
        assertThat(map.path("sources").toString()).contains("src/socket.ts", "strophe");
        assertThat(map.path("sourcesContent")).hasSameSizeAs(map.path("sources"));
        assertThat(map.path("mappings").textValue()).isNotEmpty();
    }
}
