package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.ChannelConfig;
import org.channelgateway.api.UnreachableException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@link ChannelClient} with a gateway that has a certificate for its domain. */
final class ChannelClientTlsIT {
    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(settings());
    }

    /** With a certificate for the domain. */
    static FixtureSettings settings() {
        return FixtureSettings.withoutPages()
                .with("CHANNEL_XMPP_TLS_CERTIFICATE", resource("ec.crt").toString())
                .with("CHANNEL_XMPP_TLS_KEY", resource("ec.key").toString());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** A file of certificates or keys. */
    static Path resource(String name) {
        try {
            return Path.of(ChannelClientTlsIT.class.getResource("/c2s/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static ChannelConfig.Builder config(String tls) {
        return config(gateway, "tls=" + tls);
    }

    private static ChannelConfig.Builder config(GatewayFixture to, String parameters) {
        return ChannelConfig.builder(
                "xmpp://guestbook@127.0.0.1:" + to.xmpp().getPort() + "?" + parameters,
                to.api().secret());
    }

    static X509TrustManager trusting(String certificate) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(resource(certificate))) {
            trusted.setCertificateEntry(
                    "gateway", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return Arrays.stream(trust.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static UnreachableException unreachable(ChannelConfig config) {
        return assertThatExceptionOfType(UnreachableException.class)
                .isThrownBy(() -> ChannelClient.connect(config))
                .actual();
    }

    @Test
    void sendsInsideTlsToAGatewayThatItTrusts() throws GeneralSecurityException, IOException {
        ChannelConfig config =
                config("required").trustManager(trusting("ec.crt")).build();
        try (ChannelClient client = ChannelClient.connect(config)) {
            String message = "é\r\n".repeat(8_000);
            assertThat(client.createChannel("tls")).isNotEmpty();
            assertThat(client.sendMessage("tls", message).receivers()).isZero();
        }
    }

    @Test
    void doesNotTrustACertificateThatNobodyVouchesFor() {
        assertThat(unreachable(config("required").build())).hasMessageContaining(": TLS failed: ");
    }

    @Test
    void doesNotTrustACertificateOfAnotherDomain() throws GeneralSecurityException, IOException {
        try (GatewayFixture other = GatewayFixture.start(settings().with("CHANNEL_XMPP_DOMAIN", "example.org"))) {
            ChannelConfig config = config(other, "tls=required&domain=example.org")
                    .trustManager(trusting("ec.crt"))
                    .build();

            assertThat(unreachable(config)).hasMessageContaining(": TLS failed: Hostname verification");
        }
    }

    @Test
    void saysThatTheGatewayWantsTls() {
        assertThat(unreachable(config("disabled").build()))
                .hasMessageEndingWith(": it wants TLS (expected: tls=required)");
    }
}
