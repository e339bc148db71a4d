package org.channelgateway.c2s;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.concurrent.Executor;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** TLS 1.2 and 1.3 with one certificate, and only suites with forward secrecy and AEAD (RFC 7590 §3.4). Thread-safe. */
final class Tls {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final int MAX_SESSIONS = 1000;

    private final SSLContext context;

    Tls(Pem pem) {
        try {
            char[] password = {};
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, password);
            store.setKeyEntry("xmpp", pem.key(), password, pem.chain());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            context.getServerSessionContext().setSessionCacheSize(MAX_SESSIONS);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("TLS did not start", e);
        }
    }

    /** The server's side of TLS over an end point. */
    SslConnection over(EndPoint endPoint, ByteBufferPool pool, Executor executor) {
        return new SslConnection(pool, executor, (SslContextFactory) null, endPoint, engine());
    }

    private SSLEngine engine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setCipherSuites(Arrays.stream(engine.getEnabledCipherSuites())
                .filter(Tls::isStrong)
                .toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static boolean isStrong(String suite) {
        return !suite.startsWith("TLS_RSA_") && (suite.contains("_GCM_") || suite.contains("CHACHA20"));
    }
}
