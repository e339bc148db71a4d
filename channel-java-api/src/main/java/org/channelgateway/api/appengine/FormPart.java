package org.channelgateway.api.appengine;

import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/**
 * One part of a form (RFC 7578 §4).
 *
 * @param headers by lower-case name
 * @param content the bytes between the headers and the next boundary
 */
record FormPart(Map<String, String> headers, byte[] content) {
    private static final String UNNAMED = "unknown";

    /** The parameter {@code name} of its disposition; {@code unknown} when there is none. */
    String name() throws MultipartException {
        String disposition = headers.get("content-disposition");
        return disposition == null
                ? UNNAMED
                : HeaderValue.parse("Content-Disposition", disposition)
                        .parameters()
                        .getOrDefault("name", UNNAMED);
    }

    /** Its text; in ISO-8859-1 without a charset, in the platform's when the charset is not known. */
    String text() throws MultipartException {
        HeaderValue type = HeaderValue.type(headers.getOrDefault("content-type", "text/plain"));
        byte[] bytes = decoded();
        try {
            return new String(bytes, type.parameters().getOrDefault("charset", StandardCharsets.ISO_8859_1.name()));
        } catch (UnsupportedEncodingException e) {
            return new String(bytes, Charset.defaultCharset());
        }
    }

    /** Forms have no transfer encoding in practice (RFC 7578 §4.7). */
    private byte[] decoded() throws MultipartException {
        String encoding = headers.getOrDefault("content-transfer-encoding", "binary");
        try {
            return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
                case "base64" -> Base64.getMimeDecoder().decode(content);
                case "7bit", "8bit", "binary" -> content;
                default ->
                    throw new MultipartException(
                            "Content-Transfer-Encoding: " + encoding + " (expected: 7bit, 8bit, binary or base64)");
            };
        } catch (IllegalArgumentException e) {
            throw new MultipartException("Content-Transfer-Encoding: no base64 (" + e.getMessage() + ")");
        }
    }
}
