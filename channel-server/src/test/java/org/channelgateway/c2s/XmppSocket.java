package org.channelgateway.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A client that sends what it is told to, and reads. */
public final class XmppSocket implements AutoCloseable {
    public static final String HEADER = "<?xml version='1.0'?><stream:stream to='localhost' version='1.0'"
            + " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
    static final String END = "</stream:stream>";

    private final InetSocketAddress server;
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    public XmppSocket(InetSocketAddress server) throws IOException {
        this.server = server;
        use(new Socket(server.getAddress(), server.getPort()));
    }

    private void use(Socket used) throws IOException {
        socket = used;
        socket.setSoTimeout(20_000);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    public XmppSocket send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public XmppSocket send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Reads up to {@code text}; returns all that came. */
    public String await(String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text, Math.max(0, read.length() - text.length() - 1)) < 0) {
            int octet = in.read();
            assertThat(octet).as("end of %s instead of %s", read, text).isNotNegative();
            read.append((char) octet);
        }
        return read.toString();
    }

    /** Reads all, up to the end that the server makes. */
    public String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    public InputStream in() {
        return in;
    }

    Socket socket() {
        return socket;
    }

    /** Goes on inside TLS, trusting one certificate. */
    public SSLSocket startTls(Path certificate, String... protocols) throws IOException, GeneralSecurityException {
        SSLSocket tls = (SSLSocket)
                trusting(certificate).getSocketFactory().createSocket(socket, "localhost", server.getPort(), true);
        if (protocols.length > 0) {
            tls.setEnabledProtocols(protocols);
        }
        tls.startHandshake();
        use(tls);
        return tls;
    }

    private static SSLContext trusting(Path certificate) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream pem = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Goes away without a word on the stream. */
    void leave() throws IOException {
        socket.close();
    }

    /** Goes away without a word at all. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
