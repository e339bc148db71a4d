package org.channelgateway.ops;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.regex.Pattern;
import org.channelgateway.http.Call;
import org.channelgateway.http.ProblemException;
import org.channelgateway.stats.RefusalCounts;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Who may read the metrics: whoever has their secret; while there is none, this machine only, by its own name, so that neither a
 * page of another origin nor what a proxy forwards gets at them. Thread-safe.
 */
final class MetricsReaders {
    private static final String SCHEME = "Bearer ";
    private static final Pattern OWN_NAME = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");
    private static final Pattern FORWARDED =
            Pattern.compile("forwarded|via|x-forwarded-.*|x-real-ip", Pattern.CASE_INSENSITIVE);

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
        } else if (!isOfThisMachine(call)) {
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

    private static boolean isOfThisMachine(Call call) {
        String host = call.header(HttpHeader.HOST);
        return call.request().getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote
                && remote.getAddress().isLoopbackAddress()
                && host != null
                && OWN_NAME.matcher(host.toLowerCase(Locale.ROOT)).matches()
                && call.request().getHeaders().stream()
                        .noneMatch(header -> FORWARDED.matcher(header.getName()).matches());
    }
}
