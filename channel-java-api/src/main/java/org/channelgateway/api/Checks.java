package org.channelgateway.api;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

/** What the gateway would refuse is refused here, so that nothing illegal is written into the stream. */
final class Checks {
    static final int MAX_KEY_BYTES = 256;
    static final int MAX_MESSAGE_BYTES = 32_767;
    static final int MAX_MINUTES = 1440;
    private static final int MAX_ID_LENGTH = 128;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    private Checks() {}

    static String key(String key) {
        Objects.requireNonNull(key, "key");
        if (key.isEmpty() || key.length() > MAX_KEY_BYTES) { // a char is at least one byte
            throw refused("key", Text.excerpt(key), "1.." + MAX_KEY_BYTES + " bytes in UTF-8");
        }
        if (Text.firstIllegal(key) >= 0) {
            throw refused("key", Text.excerpt(key), "characters that XML 1.0 allows");
        }
        if (Text.utf8Length(key) > MAX_KEY_BYTES) {
            throw refused("key", Text.excerpt(key), "1.." + MAX_KEY_BYTES + " bytes in UTF-8");
        }
        return key;
    }

    static String message(String message) {
        Objects.requireNonNull(message, "message");
        int illegal = Text.firstIllegal(message);
        if (illegal >= 0) {
            String found = "U+%04X at index %d".formatted((int) message.charAt(illegal), illegal);
            throw refused("message", found, "characters that XML 1.0 allows");
        }
        int bytes = Text.utf8Length(message);
        if (bytes < 1 || bytes > MAX_MESSAGE_BYTES) {
            throw refused("message", bytes + " bytes", "1.." + MAX_MESSAGE_BYTES);
        }
        return message;
    }

    static long minutes(Duration duration) {
        Objects.requireNonNull(duration, "duration");
        long minutes = duration.toMinutes();
        if (minutes < 1 || minutes > MAX_MINUTES || !duration.equals(Duration.ofMinutes(minutes))) {
            throw refused("duration", duration.toString(), "whole minutes, 1.." + MAX_MINUTES);
        }
        return minutes;
    }

    static String id(String id) {
        Objects.requireNonNull(id, "id");
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw refused("id", id.length() + " characters", "1.." + MAX_ID_LENGTH);
        }
        if (Text.firstIllegal(id) >= 0) {
            throw refused("id", Text.excerpt(id), "characters that XML 1.0 allows");
        }
        return id;
    }

    static String token(String token) {
        Objects.requireNonNull(token, "token");
        if (!TOKEN.matcher(token).matches()) { // the value itself may be a mistyped secret
            throw refused("token", token.length() + " characters", "what create returned");
        }
        return token;
    }

    private static IllegalArgumentException refused(String name, String value, String expected) {
        return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
}
