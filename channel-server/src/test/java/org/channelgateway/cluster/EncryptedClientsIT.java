package org.channelgateway.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.channelgateway.nginx.SelfSigned;
import org.channelgateway.registry.xmpp.AdministrationConfig;
import org.channelgateway.registry.xmpp.XmppAdministration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ejabberd whose clients must use TLS, while the gateways' own account has a port of its own. */
final class EncryptedClientsIT {
    private static final String SECRET = "secret-of-the-admin";
    private static final int PATIENCE_MILLIS = 60_000;
    private static final String HEADER = "<stream:stream xmlns='jabber:client' to='localhost' version='1.0'"
            + " xmlns:stream='http://etherx.jabber.org/streams'>";

    @TempDir
    static Path folder;

    private static EjabberdProcess ejabberd;

    @BeforeAll
    static void start() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        SelfSigned.write(folder);
        String files = "[\"" + folder.resolve("certificate.pem") + "\", \"" + folder.resolve("key.pem") + "\"]";
        ejabberd = new EjabberdProcess(
                EjabberdConfig.internal().with(Map.of("CERTFILES", files, "STARTTLS", "true", "TLS_REQUIRED", "true")));
        ejabberd.register("adm-gateway", SECRET);
    }

    @AfterAll
    static void stop() {
        ejabberd.close();
    }

    /** What comes up to {@code end}, and not beyond it. */
    private static String ask(Socket socket, String xml, String end) throws IOException {
        socket.getOutputStream().write(xml.getBytes(UTF_8));
        StringBuilder heard = new StringBuilder();
        while (heard.indexOf(end) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("closed after " + heard);
            }
            heard.append((char) next);
        }
        return heard.toString();
    }

    @Test
    void aClientMayLogInWithinTlsOnly() throws IOException {
        try (Socket plain =
                new Socket(ejabberd.c2s().getAddress(), ejabberd.c2s().getPort())) {
            plain.setSoTimeout(PATIENCE_MILLIS);
            assertThat(ask(plain, HEADER, "</stream:features>"))
                    .contains("<required/>")
                    .doesNotContain("mechanism");
            String unused = ask(plain, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "/>");
            try (SSLSocket secured = (SSLSocket) SelfSigned.trusting()
                    .getSocketFactory()
                    .createSocket(plain, "localhost", ejabberd.c2s().getPort(), true)) {
                assertThat(ask(secured, HEADER, "</stream:features>")).contains("<mechanism>SCRAM-SHA-1</mechanism>");
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
