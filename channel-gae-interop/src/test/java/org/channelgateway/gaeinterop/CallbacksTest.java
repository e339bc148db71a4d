package org.channelgateway.gaeinterop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;

final class CallbacksTest {
    private static final Path SOURCE = Path.of("src/test/java/org/channelgateway/gaeinterop/Callbacks.java");
    private static final Path DOCUMENT = Path.of("..", "docs", "gae-api.md");

    /** RFC 4231 §4.3. */
    @Test
    void theSignatureIsTheHmacOfTheBody() throws GeneralSecurityException {
        byte[] body = "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII);
        String signature = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

        assertThat(Callbacks.isFromTheGateway(body, signature, "Jefe")).isTrue();
        assertThat(Callbacks.isFromTheGateway(body, signature, "jefe")).isFalse();
        assertThat(Callbacks.isFromTheGateway(body, "sha256=", "Jefe")).isFalse();
    }

    @Test
    void theDocumentShowsTheSame() throws IOException {
        String source = Files.readString(SOURCE).replace("\n    ", "\n");
        String method = source.substring(source.indexOf("static boolean"), source.lastIndexOf("\n}\n"));

        assertThat(Files.readString(DOCUMENT)).contains("```java\n" + method.stripTrailing() + "\n```");
    }
}
