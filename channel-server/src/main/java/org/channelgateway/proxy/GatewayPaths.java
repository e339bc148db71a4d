package org.channelgateway.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which paths are the gateway's at the address that it shares with an application: {@code /_ah/channel/*} and
 * {@code /http-bind*}, in every way in which a server could read them. Nobody outside reaches the application's
 * {@code /_ah/channel/connected/} by writing it differently; what is written differently and is no route answers 404.
 */
final class GatewayPaths {
    /** Of a path with more readings than this, nobody knows where it leads. */
    private static final int MAX_READINGS = 16;

    private static final int HEX = 16;

    private GatewayPaths() {}

    /** @param rawPath as it was sent */
    static boolean has(String rawPath) {
        Set<String> readings = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(rawPath));
        while (!open.isEmpty()) {
            String reading = open.pop();
            if (readings.add(reading)) {
                if (readings.size() > MAX_READINGS || leads(reading)) {
                    return true;
                }
                open.push(withoutParameters(reading)); // some servers cut before they decode, some after
                open.push(decoded(reading));
            }
        }
        return false;
    }

    /** Whether a server would find the gateway's path in it; one that goes up may lead wherever its segments name. */
    private static boolean leads(String path) {
        List<String> segments = segments(path);
        int ah = segments.indexOf("_ah");
        if (segments.contains("..")) {
            return (ah >= 0 && segments.subList(ah, segments.size()).contains("channel"))
                    || segments.stream().anyMatch(segment -> segment.startsWith("http-bind"));
        }
        return isOurs(segments)
                || (hasAuthority(path) && segments.size() > 1 && isOurs(segments.subList(1, segments.size())));
    }

    private static boolean isOurs(List<String> segments) {
        boolean channel = segments.size() > 1
                && segments.get(0).equals("_ah")
                && segments.get(1).equals("channel");
        return channel || (!segments.isEmpty() && segments.get(0).startsWith("http-bind"));
    }

    /** What begins with two slashes names a host first, for those who read it as a reference (RFC 3986 §4.2). */
    private static boolean hasAuthority(String path) {
        String[] parts = plain(path).split("/", -1);
        return parts.length > 2 && parts[0].isBlank() && parts[1].trim().isEmpty();
    }

    /** In small letters, without those that servers drop. */
    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : plain(path).split("/", -1)) {
            String trimmed = segment.trim(); // blanks and U+0000
            if (!trimmed.isEmpty() && !trimmed.equals(".")) {
                segments.add(trimmed);
            }
        }
        return segments;
    }

    private static String plain(String path) {
        return Normalizer.normalize(path, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replace('\\', '/');
    }

    private static String withoutParameters(String path) {
        return path.indexOf(';') < 0 ? path : path.replaceAll(";[^/]*", "");
    }

    /** Percent-decoded once; escapes that are none stay. */
    private static String decoded(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
        for (int i = 0; i < path.length(); i++) {
            int octet = path.charAt(i) == '%' ? hex(path, i + 1, 2) : -1;
            int wide =
                    octet < 0 && path.startsWith("%u", i) ? hex(path, i + 2, 4) : -1; // as some servers still read it
            if (octet >= 0) {
                bytes.write(octet);
                i += 2;
            } else if (wide >= 0) {
                bytes.writeBytes(String.valueOf((char) wide).getBytes(StandardCharsets.UTF_8));
                i += 5;
            } else {
                bytes.writeBytes(String.valueOf(path.charAt(i)).getBytes(StandardCharsets.UTF_8));
            }
        }
        return new String(shortest(bytes.toByteArray()), StandardCharsets.UTF_8);
    }

    /** ASCII that was written in two bytes, which a careless server takes for it. */
    private static byte[] shortest(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            boolean twoForOne = (bytes[i] & 0xFE) == 0xC0 && i + 1 < bytes.length && (bytes[i + 1] & 0xC0) == 0x80;
            if (twoForOne) {
                out.write((bytes[i] & 1) << 6 | (bytes[i + 1] & 0x3F));
                i++;
            } else {
                out.write(bytes[i]);
            }
        }
        return out.toByteArray();
    }

    private static int hex(String text, int from, int digits) {
        if (from + digits > text.length()) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = Character.digit(text.charAt(i), HEX);
            if (digit < 0) {
                return -1;
            }
            value = value * HEX + digit;
        }
        return value;
    }
}
