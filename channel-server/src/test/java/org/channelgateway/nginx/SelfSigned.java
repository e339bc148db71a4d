package org.channelgateway.nginx;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate of 127.0.0.1 and localhost that nobody has signed, the same for all tests of a JVM, and its key. */
public final class SelfSigned {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String ALIAS = "nginx";

    private static final SelfSigned ONE = make();

    private final String certificate;
    private final String key;
    private final String keyHash;
    private final SSLContext trusting;

    private SelfSigned(KeyStore store) throws GeneralSecurityException, IOException {
        certificate = pem("CERTIFICATE", store.getCertificate(ALIAS).getEncoded());
        key = pem("PRIVATE KEY", store.getKey(ALIAS, PASSWORD).getEncoded());
        byte[] publicKey = store.getCertificate(ALIAS).getPublicKey().getEncoded();
        keyHash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(publicKey));
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, store.getCertificate(ALIAS));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(null, trust.getTrustManagers(), null);
    }

    private static SelfSigned make() {
        try {
            Path folder = Files.createTempDirectory("certificate-it-");
            Path file = folder.resolve("store.p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "SAN=IP:127.0.0.1,DNS:localhost",
                            "-alias",
                            ALIAS,
                            "-keystore",
                            file.toString(),
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            String.valueOf(PASSWORD))
                    .inheritIO()
                    .start();
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool failed");
            }
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            Files.delete(folder);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), PASSWORD);
            return new SelfSigned(store);
        } catch (IOException | GeneralSecurityException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(String what, byte[] der) {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(Objects.requireNonNull(der));
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }

    /** Writes both as PEM, under the names that {@code nginx-conf/render} looks for. */
    static void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("certificate.pem"), ONE.certificate);
        Files.writeString(folder.resolve("key.pem"), ONE.key);
    }

    /** A file with the certificate as PEM, for programs that have to trust it. */
    public static Path file() {
        try {
            Path file = Files.createTempFile("certificate-it-", ".pem");
            file.toFile().deleteOnExit();
            return Files.writeString(file, ONE.certificate);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The SHA-256 of its public key in Base64, by which Chromium can be told to take it for a good one. */
    public static String keyHash() {
        return ONE.keyHash;
    }

    /** For clients that trust it, and nothing else. */
    public static SSLContext trusting() {
        return ONE.trusting;
    }
}
