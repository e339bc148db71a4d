package org.channelgateway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One section of the YAML file: reads typed values with the environment over them, and knows what nobody asked for. */
final class SettingsTree {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    private final String path;
    private final JsonNode node;
    private final Map<String, String> environment;
    private final Set<String> known = new TreeSet<>();

    SettingsTree(String path, JsonNode node, Map<String, String> environment) throws ConfigException {
        this.path = path;
        this.node = node.isNull() || node.isMissingNode() ? JsonNodeFactory.instance.objectNode() : node;
        this.environment = environment;
        if (!this.node.isObject()) {
            throw new ConfigException(
                    (path.isEmpty() ? "configuration" : path) + ": not a section (expected: name: value)");
        }
    }

    SettingsTree section(String name) throws ConfigException {
        known.add(name);
        return new SettingsTree(path(name), node.path(name), environment);
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Nullable
    String text(String name) throws ConfigException {
        known.add(name);
        String override = environment.get(variable(path(name)));
        if (override != null) {
            return override;
        }
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isValueNode()) {
            throw new ConfigException(path(name) + ": a section or list (expected: one value)");
        }
        return value.asText();
    }

    /** The same, for a value that must not be read as a number or a date. */
    @Nullable
    String string(String name) throws ConfigException {
        JsonNode value = node.path(name);
        boolean overridden = environment.containsKey(variable(path(name)));
        if (!overridden && value.isValueNode() && !value.isNull() && !value.isTextual()) {
            throw new ConfigException(path(name) + ": not a text (expected: a text in quotes)");
        }
        return text(name);
    }

    String text(String name, String unset) throws ConfigException {
        String text = text(name);
        return text == null ? unset : text;
    }

    /** A file or folder; null when it is not given. */
    @Nullable
    Path file(String name) throws ConfigException {
        String text = text(name);
        return text == null ? null : file(path(name), text);
    }

    static Path file(String name, String text) throws ConfigException {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigException(name + ": not a path (expected: one without U+0000)");
        }
    }

    int integer(String name, int unset, int min, int max) throws ConfigException {
        String text = text(name);
        if (text == null) {
            return unset;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ConfigException("%s: %s (expected: a whole number, %d..%d)".formatted(path(name), text, min, max));
    }

    boolean flag(String name, boolean unset) throws ConfigException {
        String text = text(name, Boolean.toString(unset));
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ConfigException(path(name) + ": " + text + " (expected: true or false)");
        };
    }

    Duration duration(String name, Duration unset, Duration min, Duration max) throws ConfigException {
        String text = text(name);
        if (text == null) {
            return unset;
        }
        Matcher matcher = DURATION.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long count = Long.parseLong(matcher.group(1));
            Duration value = switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                default -> Duration.ofHours(count);
            };
            if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0 && value.toNanosPart() == 0) {
                return value;
            }
        }
        throw new ConfigException("%s: %s (expected: whole seconds from %ds to %ds, e.g. %ds)"
                .formatted(path(name), text, min.toSeconds(), max.toSeconds(), unset.toSeconds()));
    }

    List<String> texts(String name) throws ConfigException {
        known.add(name);
        JsonNode value = node.path(name);
        List<String> texts = new ArrayList<>();
        if (value.isMissingNode() || value.isNull()) {
            return texts;
        }
        if (!value.isArray()) {
            throw new ConfigException(path(name) + ": not a list (expected: [a, b])");
        }
        for (Iterator<JsonNode> items = value.elements(); items.hasNext(); ) {
            JsonNode item = items.next();
            if (!item.isTextual()) {
                throw new ConfigException(path(name) + ": not a list of texts (expected: [a, b])");
            }
            texts.add(item.textValue());
        }
        return texts;
    }

    /** The same, with something else when it is not given. */
    List<String> texts(String name, List<String> unset) throws ConfigException {
        JsonNode value = node.path(name);
        List<String> texts = texts(name);
        return value.isMissingNode() || value.isNull() ? unset : texts;
    }

    /** To be called when everything was read. */
    void refuseUnknown() throws ConfigException {
        for (String name : names()) {
            if (!known.contains(name)) {
                throw new ConfigException(
                        path(name) + ": unknown setting (expected: " + String.join(", ", known) + ")");
            }
        }
    }

    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** {@code http.port} becomes {@code CHANNEL_HTTP_PORT}. */
    static String variable(String path) {
        return "CHANNEL_" + path.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    static ObjectNode empty() {
        return JsonNodeFactory.instance.objectNode();
    }
}
