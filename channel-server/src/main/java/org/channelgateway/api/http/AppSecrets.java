package org.channelgateway.api.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.channelgateway.http.Call;
import org.channelgateway.http.ProblemException;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** Which app a bearer secret names. Secrets are kept and compared as hashes. Immutable. */
public final class AppSecrets {
    private static final String SCHEME = "Bearer ";

    private final Map<String, String> appByHash = new HashMap<>();

    /** @param secretByApp no two apps may share a secret */
    public AppSecrets(Map<String, String> secretByApp) {
        secretByApp.forEach((app, secret) -> {
            String other = appByHash.put(hash(secret), app);
            if (other != null) {
                throw new IllegalArgumentException(
                        "apps: " + other + " and " + app + " have the same secret (expected: one each)");
            }
        });
    }

    /** The app that calls. */
    String app(Call call) {
        String header = call.header(HttpHeader.AUTHORIZATION);
        String app = header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? null
                : app(header.substring(SCHEME.length()).strip());
        if (app == null) {
            call.setHeader(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            throw new ProblemException(
                    401,
                    "Authorization: " + (header == null ? "missing" : "not the secret of an app")
                            + " (expected: Bearer <app secret>)");
        }
        return app;
    }

    private @Nullable String app(String secret) {
        return appByHash.get(hash(secret));
    }

    private static String hash(String secret) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
