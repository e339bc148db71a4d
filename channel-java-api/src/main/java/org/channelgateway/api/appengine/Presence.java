package org.channelgateway.api.appengine;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That a page connected or is gone: a {@code POST} to {@code /_ah/channel/connected/} or {@code /_ah/channel/disconnected/}.
 *
 * @param isConnected whether it came
 * @param clientId that of its channel
 */
public record Presence(boolean isConnected, String clientId) {
    private static final int MAX_BODY_BYTES = 1 << 16;

    /**
     * Reads the part {@code from} of a multipart body. A part without a charset is ISO-8859-1.
     *
     * @param body at most 64 KiB are read
     * @param contentType {@code multipart/form-data}, with the boundary if it is not to be guessed
     * @param uri the request's path, whose end tells which of the two it is
     * @return what it says
     * @throws IOException if the body could not be read or is not multipart
     * @throws IllegalStateException if there is no body
     * @throws IllegalArgumentException if the path is another one, or there is no part {@code from}
     */
    public static Presence read(InputStream body, @Nullable String contentType, String uri) throws IOException {
        byte[] bytes = body.readNBytes(MAX_BODY_BYTES + 1);
        if (bytes.length == 0) {
            throw new IllegalStateException("Input stream already read, or empty.");
        }
        try {
            boolean connected = isConnected(uri);
            if (bytes.length > MAX_BODY_BYTES) {
                throw new MultipartException("body: more than " + MAX_BODY_BYTES + " bytes (expected: a client id)");
            }
            List<FormPart> parts = Multipart.parse(bytes, contentType);
            for (FormPart part : parts) {
                if (part.name().equals("from")) {
                    return new Presence(connected, part.text());
                }
            }
            throw new IllegalArgumentException(
                    "Can't determine clientId from request body: " + parts.size() + " parts (expected: from)");
        } catch (MultipartException e) {
            throw new IOException("Could not parse incoming request.", e);
        }
    }

    private static boolean isConnected(String uri) {
        if (uri.endsWith("/channel/connected/")) {
            return true;
        }
        if (uri.endsWith("/channel/disconnected/")) {
            return false;
        }
        throw new IllegalArgumentException("Can't determine the type of channel presence from the path: " + uri);
    }
}
