package org.channelgateway.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.channelgateway.registry.xmpp.AdministrationConfig;
import org.channelgateway.registry.xmpp.XmppAdministration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An ejabberd whose clients must use TLS, while the gateways' own account has a port of its own. */
final class EncryptedClientsIT {
    private static final String SECRET = "secret-of-the-admin";
    private static final int PATIENCE_MILLIS = 60_000;
    private static final String HEADER = "<stream:stream xmlns='jabber:client' to='localhost' version='1.0'"
            + " xmlns:stream='http://etherx.jabber.org/streams'>";

    private static final Path CERTIFICATE = Path.of("src/test/resources/c2s/ec.crt");

    private static EjabberdProcess ejabberd;

    @BeforeAll
    static void start() {
        ejabberd = new EjabberdProcess(
                EjabberdConfig.internal().requiringTls(CERTIFICATE, CERTIFICATE.resolveSibling("ec.key")));
        ejabberd.register("adm-gateway", SECRET);
    }

    @AfterAll
    static void stop() {
        ejabberd.close();
    }

    private static SSLContext trusting() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(CERTIFICATE)) {
            trusted.setCertificateEntry(
                    "ejabberd", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void aClientMayLogInWithinTlsOnly() throws Exception {
        try (Socket plain =
                new Socket(ejabberd.c2s().getAddress(), ejabberd.c2s().getPort())) {
            plain.setSoTimeout(PATIENCE_MILLIS);
            assertThat(RawStream.ask(plain, HEADER, "</stream:features>"))
                    .contains("<required/>")
                    .doesNotContain("mechanism");
            String unused = RawStream.ask(plain, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "/>");
            try (SSLSocket secured =
                    (SSLSocket) trusting().getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true)) {
                assertThat(RawStream.ask(secured, HEADER, "</stream:features>"))
                        .contains("<mechanism>SCRAM-SHA-1</mechanism>");
            }
        }
    }

    @Test
    void theGatewaysAdministerItAtTheirOwnPort() throws Exception {
        AdministrationConfig config =
                AdministrationConfig.of("localhost", "adm-gateway", SECRET, List.of(ejabberd.insideC2s()));
        try (XmppAdministration administration = new XmppAdministration(config, System::nanoTime)) {
            assertThat(administration.online().get(60, SECONDS))
                    .anyMatch(jid -> jid.startsWith("adm-gateway@localhost/"));
        }
    }
}
