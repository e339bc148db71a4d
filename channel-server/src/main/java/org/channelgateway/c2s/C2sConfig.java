package org.channelgateway.c2s;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where and under which bounds XMPP is served over TCP.
 *
 * @param port 0 picks a free one
 * @param certificate chain in PEM, the server's own first; null serves without TLS
 * @param key its private key, PKCS#8 in PEM; null without a certificate
 * @param maxStanzaBytes longest stanza of an application; of a subscriber it is at most 64 KiB, and 16 KiB before the login
 * @param maxQueuedStanzas most stanzas that wait to be written to a client
 * @param maxQueuedBytes most bytes that wait; a single stanza may be longer
 * @param loginTime how long a client may take to log in
 * @param idle how long a client that has logged in may be silent; it is pinged after half of that
 */
public record C2sConfig(
        String host,
        int port,
        @Nullable Path certificate,
        @Nullable Path key,
        int maxStanzaBytes,
        int maxQueuedStanzas,
        int maxQueuedBytes,
        Duration loginTime,
        Duration idle) {

    public C2sConfig {
        within("port", port, 0, 65_535);
        within("maxStanzaBytes", maxStanzaBytes, 1024, 1 << 24);
        within("maxQueuedStanzas", maxQueuedStanzas, 1, 100_000);
        within("maxQueuedBytes", maxQueuedBytes, 1024, 1 << 26);
        within("loginTime", loginTime, Duration.ofSeconds(1), Duration.ofMinutes(10));
        within("idle", idle, Duration.ofSeconds(2), Duration.ofDays(1));
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException(
                    "xmpp.tls: certificate %s, key %s (expected: both or neither)".formatted(certificate, key));
        }
    }

    private static void within(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("%s: %d (expected: %d..%d)".formatted(name, value, min, max));
        }
    }

    private static void within(String name, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "%s: %s (expected: %ds..%ds)".formatted(name, value, min.toSeconds(), max.toSeconds()));
        }
    }
}
