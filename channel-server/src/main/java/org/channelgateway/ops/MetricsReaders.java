package org.channelgateway.ops;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.channelgateway.http.Call;
import org.channelgateway.http.ProblemException;
import org.channelgateway.http.ThisMachine;
import org.channelgateway.stats.RefusalCounts;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Who may read the metrics: whoever has their secret; while there is none, this machine only, by its own name, so that neither a
 * page of another origin nor what a proxy forwards gets at them. Thread-safe.
 */
final class MetricsReaders {
    private static final String SCHEME = "Bearer ";

    private final byte @Nullable [] secret;
    private final RefusalCounts refusals;

    /** @param secret null when there is none */
    MetricsReaders(@Nullable String secret, RefusalCounts refusals) {
        this.secret = secret == null ? null : secret.getBytes(StandardCharsets.UTF_8);
        this.refusals = refusals;
    }

    /** @throws ProblemException when the caller may not */
    void check(Call call) {
        if (secret != null) {
            String header = call.header(HttpHeader.AUTHORIZATION);
            if (header == null || !isSecret(header, secret)) {
                refusals.add("http", "metrics-secret");
                call.setHeader(HttpHeader.WWW_AUTHENTICATE, "Bearer");
                throw new ProblemException(
                        401,
                        "Authorization: " + (header == null ? "missing" : "not the secret of the metrics")
                                + " (expected: Bearer <http.metricsSecret>)");
            }
        } else if (!ThisMachine.sent(call)) {
            refusals.add("http", "metrics-address");
            throw new ProblemException(
                    403,
                    "metrics: for this machine only (expected: a request to 127.0.0.1, or http.metricsSecret set)");
        }
    }

    private static boolean isSecret(String header, byte[] secret) {
        return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8), secret);
    }
}
