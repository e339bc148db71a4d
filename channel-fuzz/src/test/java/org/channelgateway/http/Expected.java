package org.channelgateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the contract says of keys, messages and batches, said once more and in another way than the gateway does. */
final class Expected {
    private static final int MAX_KEY = 256;
    private static final int MAX_MESSAGE = 32_767;
    private static final int MAX_KEYS = 1000;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@-]*");
    private static final Pattern ENCODED = Pattern.compile("%[0-9A-Fa-f]{2}");
    private static final Pattern WILD = Pattern.compile("[\\x00-\\x20\\x7F/?#]");
    private static final Pattern LEGAL =
            Pattern.compile("[\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]*");
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** A message and whom it is for. */
    record Addressed(String key, String message) {}

    private Expected() {}

    /** True for a path segment (RFC 3986 §3.3). */
    static boolean isSegment(byte[] raw) {
        return PLAIN.matcher(ENCODED.matcher(latin(raw)).replaceAll("")).matches();
    }

    /** True for what may make another path of it, or another request. */
    static boolean isWild(byte[] raw) {
        return WILD.matcher(latin(raw)).find();
    }

    /** The key that a path segment stands for, null when it is none; what need not be there stands for itself. */
    static @Nullable String key(byte[] segment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String rest = latin(segment);
        while (!rest.isEmpty()) {
            boolean encoded = rest.startsWith("%");
            if (encoded && !ENCODED.matcher(rest).lookingAt()) {
                return null;
            }
            bytes.write(encoded ? Integer.parseInt(rest.substring(1, 3), 16) : rest.charAt(0));
            rest = rest.substring(encoded ? 3 : 1);
        }
        String key = utf8(bytes.toByteArray());
        return key != null && isKey(key) ? key : null;
    }

    /** The message that a body of text is, null when it is none. */
    static @Nullable String message(byte[] body) {
        String text = utf8(body);
        return text != null && isMessage(text) ? text : null;
    }

    /** What the body of {@code /v1/messages} asks for, in order; null when it is refused. */
    static @Nullable List<Addressed> batch(byte[] body) {
        String text = utf8(body);
        JsonNode items = text == null ? null : json(text);
        if (items == null || !items.isArray()) {
            return null;
        }
        List<Addressed> all = new ArrayList<>();
        for (JsonNode item : items) {
            if (!item.isObject()
                    || item.size() != 2
                    || !item.path("message").isTextual()
                    || !item.path("keys").isArray()) {
                return null;
            }
            for (JsonNode key : item.path("keys")) {
                String message = item.path("message").textValue();
                if (!key.isTextual() || !isKey(key.textValue()) || !isMessage(message) || all.size() == MAX_KEYS) {
                    return null;
                }
                all.add(new Addressed(key.textValue(), message));
            }
        }
        return all;
    }

    private static @Nullable JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static boolean isKey(String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return length >= 1 && length <= MAX_KEY && LEGAL.matcher(text).matches();
    }

    private static boolean isMessage(String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return length >= 1 && length <= MAX_MESSAGE && LEGAL.matcher(text).matches();
    }

    static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
