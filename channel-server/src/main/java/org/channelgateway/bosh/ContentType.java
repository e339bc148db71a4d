package org.channelgateway.bosh;

import java.util.Locale;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/**
 * The types of responses that a client may ask for (XEP-0124 §7.1). What it asks for is looked up here and never repeated:
 * its text would be a header of ours, and {@code text/html} a page with the stanzas of others in it.
 */
public enum ContentType {
    TEXT_XML_UTF8("text/xml; charset=utf-8"),
    TEXT_XML("text/xml"),
    APPLICATION_XML_UTF8("application/xml; charset=utf-8"),
    APPLICATION_XML("application/xml");

    private final String value;

    @SuppressWarnings("ImmutableEnumChecker") // nobody changes a pre-encoded field
    private final HttpField field;

    ContentType(String value) {
        this.value = value;
        this.field = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, value);
    }

    /** Null when it is none that is sent. */
    static @Nullable ContentType of(String asked) {
        String plain = asked.toLowerCase(Locale.ROOT).replace("\"", "").replace(" ", "");
        for (ContentType type : values()) {
            if (type.value.replace(" ", "").equals(plain)) {
                return type;
            }
        }
        return null;
    }

    HttpField field() {
        return field;
    }
}
