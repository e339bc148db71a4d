package org.channelgateway.api.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.channelgateway.http.Call;
import org.channelgateway.http.ProblemException;
import org.eclipse.jetty.http.HttpHeader;

/** JSON of requests and answers: strict, and every mistake is said with the name of its field. */
public final class Json {
    static final String CONTENT_TYPE = "application/json";
    private static final int MAX_DEPTH = 100;
    private static final int MAX_DIGITS = 1000;
    /** Far more than an object of which all fields are known has. */
    private static final int OBJECT_TOKENS = 100;

    private static final Reader OBJECTS = new Reader(OBJECT_TOKENS);

    /** What is only checked may be anything that RFC 8259 allows, as long as it is not nested without end. */
    private static final JsonFactory CHECKER = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(1000)
                    .maxNumberLength(1 << 16)
                    .maxNameLength(1 << 16)
                    .build())
            .build();

    private Json() {}

    /** Reads bodies up to a bound on what is in them: a value of three bytes takes more than a hundred in the heap. */
    static final class Reader {
        private final int maxTokens;
        private final ObjectMapper mapper;

        /** @param maxTokens most tokens: names, values, and beginnings and ends of arrays and objects */
        Reader(int maxTokens) {
            this.maxTokens = maxTokens;
            JsonFactory factory = JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxTokenCount(maxTokens)
                            .maxNumberLength(MAX_DIGITS)
                            .build())
                    .build();
            mapper = JsonMapper.builder(factory)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();
        }

        JsonNode read(byte[] body) {
            String text = Call.utf8("body", body);
            try {
                JsonNode node = mapper.readTree(text);
                if (node.isMissingNode()) {
                    throw new ProblemException(400, "body: empty (expected: JSON)");
                }
                return node;
            } catch (StreamConstraintsException e) {
                throw new ProblemException(
                        413,
                        "body: too much in it (expected: at most " + maxTokens
                                + " names, values and brackets, nested at most " + MAX_DEPTH
                                + " deep, and no number of more than " + MAX_DIGITS + " digits)");
            } catch (JsonProcessingException e) {
                throw notJson(e);
            }
        }
    }

    /** Refuses what is not one JSON text. */
    static void check(String text) {
        try (JsonParser parser = CHECKER.createParser(text)) {
            if (parser.nextToken() == null) {
                if (text.isEmpty()) {
                    return; // which is refused as a message
                }
                throw new ProblemException(400, "body: white space (expected: JSON)");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw new ProblemException(400, "body: more than one JSON text (expected: one)");
            }
        } catch (JsonProcessingException e) {
            throw notJson(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProblemException notJson(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        return new ProblemException(400, "body: not valid JSON" + where + " (expected: JSON, RFC 8259)");
    }

    /** Reads an object and refuses fields that nobody knows: a misspelt one would be lost in silence. */
    public static JsonNode readObject(byte[] body, Set<String> known) {
        return object("body", OBJECTS.read(body), known);
    }

    static JsonNode object(String name, JsonNode node, Set<String> known) {
        if (!node.isObject()) {
            throw new ProblemException(400, name + ": " + kind(node) + " (expected: an object)");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String field = names.next();
            if (!known.contains(field)) {
                throw new ProblemException(
                        400,
                        shortened(field) + ": unknown field (expected: "
                                + String.join(", ", known.stream().sorted().toList()) + ")");
            }
        }
        return node;
    }

    public static String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (!value.isTextual()) {
            throw new ProblemException(400, field + ": " + kind(value) + " (expected: a string)");
        }
        return value.textValue();
    }

    static int integer(JsonNode object, String field, int unset) {
        JsonNode value = object.path(field);
        if (value.isMissingNode()) {
            return unset;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new ProblemException(400, field + ": " + shortened(value.toString()) + " (expected: a whole number)");
        }
        return value.intValue();
    }

    static List<String> texts(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (!value.isArray()) {
            throw new ProblemException(400, field + ": " + kind(value) + " (expected: an array of strings)");
        }
        List<String> texts = new ArrayList<>(value.size());
        for (JsonNode item : value) {
            if (!item.isTextual()) {
                throw new ProblemException(400, field + ": " + kind(item) + " in it (expected: an array of strings)");
            }
            texts.add(item.textValue());
        }
        return texts;
    }

    private static String kind(JsonNode node) {
        return node.isMissingNode() ? "missing" : node.getNodeType().toString().toLowerCase(Locale.ROOT);
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static byte[] bytes(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Answers with JSON that no cache keeps. */
    public static void answer(Call call, int status, JsonNode node) {
        call.setHeader(HttpHeader.CACHE_CONTROL, "no-store");
        call.answer(status, CONTENT_TYPE, bytes(node));
    }
}
