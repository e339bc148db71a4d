package org.channelgateway.api.appengine;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value with parameters (RFC 2045 §5.1): {@code form-data; name="from"}.
 *
 * @param value what stands before the parameters
 * @param parameters by lower-case name
 */
record HeaderValue(String value, Map<String, String> parameters) {
    private static final String TOKEN = "[^\\s;=\"()<>@,:\\\\/\\[\\]?]+";
    private static final Pattern TYPE = Pattern.compile(TOKEN + "/" + TOKEN);
    private static final Pattern PARAMETER = Pattern.compile(
            "\\s*;\\s*(?:(?<name>" + TOKEN
                    + ")\\s*=\\s*(?:\"(?<quoted>(?:[^\"\\\\]|\\\\.)*+)\"|(?<token>[^\\s;\"]++))\\s*)?",
            Pattern.DOTALL);

    /** A Content-Type. */
    static HeaderValue type(String header) throws MultipartException {
        HeaderValue type = parse("Content-Type", header);
        if (!TYPE.matcher(type.value).matches()) {
            throw new MultipartException("Content-Type: " + type.value + " (expected: a type and a subtype)");
        }
        return type;
    }

    /** @param name of the header */
    static HeaderValue parse(String name, String header) throws MultipartException {
        int end = header.indexOf(';');
        String value = (end < 0 ? header : header.substring(0, end)).strip();
        if (value.isEmpty()) {
            throw new MultipartException(name + ": no value (expected: one)");
        }
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(header);
        int at = end < 0 ? header.length() : end;
        while (at < header.length()) {
            if (!matcher.region(at, header.length()).lookingAt()) {
                throw new MultipartException(name + ": at " + at + " (expected: ; name=value)");
            }
            if (matcher.group("name") != null) {
                String quoted = matcher.group("quoted");
                parameters.put(
                        matcher.group("name").toLowerCase(Locale.ROOT),
                        quoted == null ? matcher.group("token") : quoted.replaceAll("(?s)\\\\(.)", "$1"));
            }
            at = matcher.end();
        }
        return new HeaderValue(value, parameters);
    }
}
