package org.channelgateway.api.appengine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes a multipart body apart (RFC 2046 §5.1). As the SDK did, it takes lines that end with a single LF, a last boundary
 * without its two hyphens or none at all, and a body whose Content-Type names no boundary. Confined to one call.
 */
final class Multipart {
    private static final int MAX_PARTS = 32;
    private static final int MAX_HEADERS = 32;
    private static final String DASHES = "--";

    private final String body;
    private final List<FormPart> parts = new ArrayList<>();
    private int at;

    /** @param body each char is a byte */
    private Multipart(String body) {
        this.body = body;
    }

    static List<FormPart> parse(byte[] body, @Nullable String contentType) throws MultipartException {
        if (contentType == null) {
            throw new MultipartException("Content-Type: missing (expected: multipart/form-data)");
        }
        HeaderValue type = HeaderValue.type(contentType);
        Multipart multipart = new Multipart(new String(body, StandardCharsets.ISO_8859_1));
        multipart.read(type.parameters().get("boundary"));
        return multipart.parts;
    }

    private void read(@Nullable String boundary) throws MultipartException {
        String delimiter = first(boundary == null ? null : DASHES + boundary);
        boolean last = false;
        while (!last && at < body.length()) {
            if (parts.size() == MAX_PARTS) {
                throw new MultipartException("body: more than " + MAX_PARTS + " parts");
            }
            Map<String, String> headers = headers();
            int start = at;
            int end = start;
            String line = null;
            while (at < body.length() && line == null) {
                end = at;
                String read = line();
                if (isDelimiter(read, delimiter)) {
                    line = read;
                }
            }
            last = line == null || line.startsWith(DASHES, delimiter.length());
            int contentEnd = line == null ? body.length() : beforeLineEnd(start, end);
            parts.add(new FormPart(headers, body.substring(start, contentEnd).getBytes(StandardCharsets.ISO_8859_1)));
        }
    }

    /** Skips what comes before the first part; returns the line between the parts. */
    private String first(@Nullable String wanted) throws MultipartException {
        while (at < body.length()) {
            String line = line().stripTrailing();
            if (wanted == null ? line.startsWith(DASHES) && line.length() > DASHES.length() : line.equals(wanted)) {
                return line;
            }
        }
        throw new MultipartException("body: no start boundary (expected: a line of -- and the boundary)");
    }

    private Map<String, String> headers() throws MultipartException {
        Map<String, String> headers = new HashMap<>();
        String name = "";
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                headers.merge(name, line, String::concat);
            } else if (colon > 0) {
                name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                headers.putIfAbsent(name, line.substring(colon + 1).strip());
            }
            if (headers.size() > MAX_HEADERS) {
                throw new MultipartException("part: more than " + MAX_HEADERS + " headers");
            }
        }
        return headers;
    }

    /** The next line without its end; empty at the end of the body. */
    private String line() {
        int end = body.indexOf('\n', at);
        String line = end < 0 ? body.substring(at) : body.substring(at, end);
        at = end < 0 ? body.length() : end + 1;
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private static boolean isDelimiter(String line, String delimiter) {
        if (!line.startsWith(delimiter)) {
            return false;
        }
        String rest = line.substring(delimiter.length()).stripTrailing();
        return rest.isEmpty() || rest.equals(DASHES);
    }

    /** The end of a line belongs to the boundary that follows (RFC 2046 §5.1.1). */
    private int beforeLineEnd(int start, int end) {
        int before = end;
        if (before > start && body.charAt(before - 1) == '\n') {
            before--;
        }
        if (before > start && before < end && body.charAt(before - 1) == '\r') {
            before--;
        }
        return before;
    }
}
