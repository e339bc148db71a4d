package org.channelgateway.c2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
    private static final Path CERTIFICATE = C2sFixture.resource("ec.crt");
    private static final Path KEY = C2sFixture.resource("ec.key");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"ec", "rsa"})
    void readsACertificateAndItsKey(String kind) {
        Pem pem = Pem.read(C2sFixture.resource(kind + ".crt"), C2sFixture.resource(kind + ".key"));
        assertThat(pem.chain()).hasSize(1);
        assertThat(pem.key().getAlgorithm()).isEqualToIgnoringCase(kind);
    }

    @Test
    void readsAChainWithTextBetween() throws IOException {
        Path chain = folder.resolve("chain.pem");
        Files.writeString(
                chain,
                Files.readString(CERTIFICATE) + "the issuer:\n" + Files.readString(C2sFixture.resource("rsa.crt")));
        Pem pem = Pem.read(chain, KEY);
        assertThat(pem.chain()).hasSize(2);
        assertThat(((X509Certificate) pem.chain()[0]).getPublicKey().getAlgorithm())
                .isEqualTo("EC");
    }

    @Test
    void namesTheFileThatHoldsNoCertificate() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        for (Path file : new Path[] {KEY, empty, folder, folder.resolve("missing.pem")}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Pem.read(file, KEY))
                    .withMessage("xmpp.tls.certificate: " + file + " (expected: certificates in PEM)");
        }
    }

    @Test
    void namesTheFileThatHoldsNotTheKey() throws IOException {
        Path broken = folder.resolve("broken.pem");
        Files.writeString(broken, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        Path[] files = {
            CERTIFICATE,
            broken,
            folder.resolve("missing.pem"),
            C2sFixture.resource("rsa.key"),
            C2sFixture.resource("rsa-pkcs1.key")
        };
        for (Path file : files) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Pem.read(CERTIFICATE, file))
                    .withMessage("xmpp.tls.key: " + file + " (expected: the certificate's private key, PKCS#8 in PEM)");
        }
    }

    @Test
    void refusesTheKeyOfAnotherCertificate() throws IOException {
        Path other = C2sFixture.resource("other.key");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.read(CERTIFICATE, other))
                .withMessageStartingWith("xmpp.tls.key: " + other);
    }
}
