package org.channelgateway.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.channelgateway.http.Call;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * A file that browsers load, kept in memory with its compressed forms. Immutable.
 *
 * @param gzip null when there is none
 * @param brotli null when there is none
 */
record Asset(String contentType, byte[] plain, byte @Nullable [] gzip, byte @Nullable [] brotli, String etag) {

    static Asset resource(Class<?> near, String name, String contentType) {
        byte[] plain = bytes(near, name);
        if (plain == null) {
            throw new IllegalStateException(name + ": not on the class path (expected: built with the gateway)");
        }
        return new Asset(contentType, plain, bytes(near, name + ".gz"), bytes(near, name + ".br"), etag(plain));
    }

    static Asset text(String contentType, String text) {
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        return new Asset(contentType, plain, null, null, etag(plain));
    }

    private static byte @Nullable [] bytes(Class<?> near, String name) {
        try (InputStream in = near.getResourceAsStream(name)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String etag(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Answers with the form that the browser takes, or with 304 when it has it (RFC 9110 §13.1.2). */
    void answer(Call call, String cacheControl) {
        String accepted = String.valueOf(call.header(HttpHeader.ACCEPT_ENCODING));
        byte[] body = plain;
        String tag = etag;
        if (brotli != null && accepts(accepted, "br")) {
            body = brotli;
            tag += "-br";
            call.setHeader(HttpHeader.CONTENT_ENCODING, "br");
        } else if (gzip != null && accepts(accepted, "gzip")) {
            body = gzip;
            tag += "-gz";
            call.setHeader(HttpHeader.CONTENT_ENCODING, "gzip");
        }
        call.setHeader(HttpHeader.ETAG, '"' + tag + '"');
        call.setHeader(HttpHeader.CACHE_CONTROL, cacheControl);
        call.setHeader(HttpHeader.VARY, "Accept-Encoding");
        String known = call.header(HttpHeader.IF_NONE_MATCH);
        if (known != null && known.contains(etag)) {
            call.answer(304);
        } else {
            call.answer(200, contentType, body);
        }
    }

    private static boolean accepts(String header, String encoding) {
        for (String one : header.split(",", -1)) {
            String[] parts = one.strip().split(";", -1);
            if (parts[0].strip().equalsIgnoreCase(encoding)) {
                return parts.length == 1 || !parts[1].strip().matches("q=0(\\.0+)?");
            }
        }
        return false;
    }
}
