package org.channelgateway.callback;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.channelgateway.registry.Callback;
import org.channelgateway.registry.CallbackKind;

/**
 * The body of a callback, as Google's servers sent it: a part {@code from} for connected and disconnected (RFC 7578), a form
 * with {@code key} and {@code msg} for receive.
 */
record CallbackBody(String contentType, byte[] bytes) {
    private static final String HMAC = "HmacSHA256"; // RFC 2104, FIPS 180-4
    private static final byte[] EMPTY = new byte[0];

    static CallbackBody of(Callback callback) {
        return callback.kind() == CallbackKind.RECEIVE ? form(callback) : multipart(callback);
    }

    /** The name of the callback is the boundary: nobody can guess it, so no key contains it, and no other body is the same. */
    private static CallbackBody multipart(Callback callback) {
        String boundary = callback.name();
        String body = "--" + boundary + "\r\n"
                + "Content-Disposition: form-data; name=\"from\"\r\n"
                + "Content-Type: text/plain; charset=UTF-8\r\n\r\n"
                + callback.key().text() + "\r\n"
                + "--" + boundary + "--\r\n";
        return new CallbackBody("multipart/form-data; boundary=" + boundary, body.getBytes(StandardCharsets.UTF_8));
    }

    private static CallbackBody form(Callback callback) {
        byte[] message = callback.message() == null ? EMPTY : callback.message();
        String body = "key=" + encoded(callback.key().text()) + "&msg="
                + encoded(new String(message, StandardCharsets.UTF_8));
        return new CallbackBody("application/x-www-form-urlencoded", body.getBytes(StandardCharsets.US_ASCII));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** What the application can tell by that the gateway sent it: {@code sha256=} and the HMAC of the bytes in hex. */
    String signature(String secret) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(bytes));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e); // every Java platform has it
        }
    }
}
