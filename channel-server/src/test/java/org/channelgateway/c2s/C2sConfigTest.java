package org.channelgateway.c2s;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class C2sConfigTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void namesTheValueThatItRefuses() {
        assertThatThrownBy(() -> config(65_536, 1024, 1, MINUTE)).hasMessage("port: 65536 (expected: 0..65535)");
        assertThatThrownBy(() -> config(0, 1000, 1, MINUTE)).hasMessageContaining("maxStanzaBytes: 1000");
        assertThatThrownBy(() -> config(0, 1024, 0, MINUTE)).hasMessageContaining("maxQueuedStanzas: 0");
        assertThatThrownBy(() -> config(0, 1024, 1, Duration.ZERO)).hasMessage("loginTime: PT0S (expected: 1s..600s)");
    }

    @Test
    void wantsACertificateAndItsKeyTogether() {
        Path file = Path.of("x.pem");
        assertThatThrownBy(() -> new C2sConfig("localhost", 0, file, null, 1024, 1, 1024, MINUTE, MINUTE))
                .hasMessage("xmpp.tls: certificate x.pem, key null (expected: both or neither)");
        assertThatThrownBy(() -> new C2sConfig("localhost", 0, null, file, 1024, 1, 1024, MINUTE, MINUTE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static C2sConfig config(int port, int maxStanza, int maxQueued, Duration login) {
        return new C2sConfig("localhost", port, null, null, maxStanza, maxQueued, 1024, login, MINUTE);
    }
}
