package org.channelgateway.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.channelgateway.nginx.NginxProcess.Rendering;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code nginx-conf/render}, with {@code nginx -t}. */
final class TemplatesIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "cluster", "straight"})
    void areWhatNginxTakesWithoutAWarning(String kind) throws IOException {
        SelfSigned.write(folder);

        Rendering rendering = Rendering.of(kind, folder, Map.of("NGINX_EXEMPT", "10.0.0.0/8 ::1"));

        assertThat(rendering.said().lines().filter(line -> !line.contains("\"user\" directive makes sense only")))
                .isEmpty();
        assertThat(rendering.status()).isZero();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".conf")).toList()) {
                assertThat(directives(file)).as(file.toString()).doesNotContain("NGINX_");
            }
        }
    }

    /** What nginx's weaknesses of 2026 were in, but for {@code return}, is not used. */
    @ParameterizedTest
    @ValueSource(strings = {"rewrite", "slice", "ssi ", "charset ", "http3", "quic", "if (", "~", "add_before_body"})
    void useNothingThatIsBetterNotUsed(String directive) throws IOException {
        SelfSigned.write(folder);
        for (String kind : new String[] {"embedded", "cluster", "straight"}) {
            assertThat(Rendering.of(kind, folder, Map.of()).status()).isZero();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".conf")).toList()) {
                    assertThat(directives(file)).as(file.toString()).doesNotContain(directive);
                }
            }
        }
    }

    private static String directives(Path file) throws IOException {
        return Files.readString(file).replaceAll("#[^\n]*", "");
    }

    @Test
    void areRefusedByNginxWithoutACertificate() throws IOException {
        Rendering rendering = Rendering.of("cluster", folder, Map.of());

        assertThat(rendering.status()).isEqualTo(1);
        assertThat(rendering.said()).contains("certificate.pem");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NGINX_GATEWAYS | 127.0.0.1:1 127.0.0.1:2",
                "NGINX_GATEWAYS | 127.0.0.1:1; include /etc/passwd",
                "NGINX_SERVER_NAME | a;b",
                "NGINX_SERVER_NAME | ~^a",
                "NGINX_LISTEN | 443 proxy_protocol",
                "NGINX_EXEMPT | all",
                "NGINX_LOGS | logs",
                "NGINX_LOGS | /var/log/$host",
                "NGINX_USER | root; daemon off",
                "NGINX_POLLS_PER_SECOND | 0",
                "NGINX_OPEN_FILES | many",
            })
    void refuseWhatWouldBeSomethingElse(String name, String value) throws IOException {
        Rendering rendering = Rendering.of("embedded", folder, Map.of(name, value));

        assertThat(rendering.status()).isEqualTo(2);
        assertThat(rendering.said()).startsWith("render: " + name + ": " + value + " (expected: ");
    }
}
