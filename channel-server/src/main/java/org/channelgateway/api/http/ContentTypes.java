package org.channelgateway.api.http;

import java.util.Locale;
import org.channelgateway.http.Call;
import org.channelgateway.http.ProblemException;
import org.eclipse.jetty.http.HttpHeader;

/** The media types of request bodies (RFC 9110 §8.3). */
public final class ContentTypes {
    public static final String TEXT = "text/plain";

    private ContentTypes() {}

    /** The media type of the body, in lower case and without parameters; only UTF-8 is taken. */
    public static String require(Call call, String... allowed) {
        String encoding = call.header(HttpHeader.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new ProblemException(415, "Content-Encoding: not one that is taken here (expected: none)");
        }
        String header = call.header(HttpHeader.CONTENT_TYPE);
        String[] parts = (header == null ? "" : header.toLowerCase(Locale.ROOT)).split(";", -1);
        String type = parts[0].strip();
        boolean known = false;
        for (String one : allowed) {
            known |= one.equals(type);
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().replace("\"", "");
            known &= !parameter.startsWith("charset=") || parameter.equals("charset=utf-8");
        }
        if (!known) {
            throw new ProblemException(
                    415,
                    "Content-Type: " + (header == null ? "missing" : "not one that is taken here") + " (expected: "
                            + String.join(" or ", allowed) + ", charset=utf-8)");
        }
        return type;
    }
}
