package org.channelgateway.c2s;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A certificate and its private key, read from PEM files (RFC 7468).
 *
 * @param chain the server's own first
 */
@SuppressWarnings("ArrayRecordComponent")
record Pem(Certificate[] chain, PrivateKey key) {
    private static final String BEGIN_KEY = "-----BEGIN PRIVATE KEY-----";
    private static final String END_KEY = "-----END PRIVATE KEY-----";

    /** @throws IllegalArgumentException when a file is not what it has to be */
    static Pem read(Path certificate, Path key) {
        Certificate[] chain = chain(certificate);
        return new Pem(chain, key(key, chain[0].getPublicKey()));
    }

    private static Certificate[] chain(Path file) {
        Certificate[] chain = {};
        try (InputStream in = Files.newInputStream(file)) {
            chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .toArray(Certificate[]::new);
        } catch (IOException | CertificateException e) {
            throw wrongCertificate(file, e);
        }
        if (chain.length == 0) {
            throw wrongCertificate(file, null);
        }
        return chain;
    }

    private static IllegalArgumentException wrongCertificate(Path file, @Nullable Exception why) {
        return new IllegalArgumentException("xmpp.tls.certificate: " + file + " (expected: certificates in PEM)", why);
    }

    private static PrivateKey key(Path file, PublicKey certified) {
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            int begin = text.indexOf(BEGIN_KEY);
            int end = text.indexOf(END_KEY);
            if (begin < 0 || end < begin) {
                throw wrongKey(file, null);
            }
            byte[] encoded = decoded(file, text.substring(begin + BEGIN_KEY.length(), end));
            PrivateKey key =
                    KeyFactory.getInstance(certified.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            if (!belongs(key, certified)) {
                throw wrongKey(file, null);
            }
            return key;
        } catch (IOException | GeneralSecurityException e) {
            throw wrongKey(file, e);
        }
    }

    private static byte[] decoded(Path file, String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw wrongKey(file, e);
        }
    }

    private static boolean belongs(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        String algorithm = "SHA256with" + (certified.getAlgorithm().equals("EC") ? "ECDSA" : certified.getAlgorithm());
        Signature signature = Signature.getInstance(algorithm);
        byte[] text = "xmpp".getBytes(StandardCharsets.US_ASCII);
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(text);
        return signature.verify(signed);
    }

    /** Says nothing of what is in the file. */
    private static IllegalArgumentException wrongKey(Path file, @Nullable Exception why) {
        return new IllegalArgumentException(
                "xmpp.tls.key: " + file + " (expected: the certificate's private key, PKCS#8 in PEM)", why);
    }
}
