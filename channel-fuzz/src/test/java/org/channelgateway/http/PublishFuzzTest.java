package org.channelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.channelgateway.http.PublishDoor.Listener;
import org.channelgateway.xml.JdkXml;
import org.channelgateway.xml.XmlElement;
import org.eclipse.jetty.http.HttpTester;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The publish door. The first byte of an input says what it is: {@code t} text, {@code i} text sent twice under an id, or
 * {@code j} JSON, with the key's path segment up to the first line feed and the body behind it; or {@code b} a batch.
 */
@Timeout(120)
class PublishFuzzTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JdkXml XML = new JdkXml();
    private static final String TEXT = "Content-Type: text/plain; charset=utf-8\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";
    /** With headers it may still fit. */
    private static final int SHORT_SEGMENT = 4000;

    @TempDir
    static Path folder;

    private static PublishDoor door;
    private static int ids;

    @BeforeAll
    static void start() throws Exception {
        door = new PublishDoor(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        door.stop();
    }

    @FuzzTest
    void carriesAMessageUnchangedOrRefusesIt(byte[] input) throws Exception {
        if (input.length == 0) {
            return;
        }
        try {
            byte[] rest = Arrays.copyOfRange(input, 1, input.length);
            switch (input[0]) {
                case 't' -> one(rest, TEXT, false);
                case 'i' -> one(rest, TEXT, true);
                case 'j' -> one(rest, JSON, false);
                case 'b' -> batch(rest);
                default -> {
                    return;
                }
            }
        } finally {
            door.nobodyListens();
        }
    }

    private static void one(byte[] input, String type, boolean twice) throws Exception {
        int end = 0;
        while (end < input.length && input[end] != '\n') {
            end++;
        }
        byte[] segment = Arrays.copyOf(input, end);
        byte[] body = Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length);
        boolean proper = Expected.isSegment(segment) && segment.length <= SHORT_SEGMENT;
        String key = segment.length <= SHORT_SEGMENT && !Expected.isWild(segment) ? Expected.key(segment) : null;
        String message = Expected.message(body);
        Listener listener = key == null ? null : door.listen(key);
        ids++;
        String headers = twice ? type + "Idempotency-Key: fuzz-" + ids + "\r\n" : type;
        byte[] path = path(segment);
        HttpTester.Response response = door.post(path, headers, body);
        if (response.getStatus() == 202 && listener != null && message != null) {
            assertReceipt(MAPPER.readTree(response.getContentBytes()), listener, message, 1);
        } else if (response.getStatus() != 202 || !Expected.isWild(segment)) {
            assertRefused(response, !proper);
            if (proper && !type.equals(JSON)) {
                assertThat(key == null || message == null).isTrue();
            }
        }
        if (twice) {
            int arrived = door.arrived();
            HttpTester.Response again = door.post(path, headers, body);
            assertThat(again.getStatus()).isEqualTo(response.getStatus());
            assertThat(again.getContent()).isEqualTo(response.getContent());
            assertThat(door.arrived()).isEqualTo(arrived);
        }
    }

    private static void batch(byte[] body) throws Exception {
        List<Expected.Addressed> expected = Expected.batch(body);
        Map<String, Listener> listeners = new LinkedHashMap<>();
        if (expected != null) {
            expected.forEach(one -> listeners.computeIfAbsent(one.key(), door::listen));
        }
        HttpTester.Response response = door.post("/v1/messages".getBytes(StandardCharsets.US_ASCII), JSON, body);
        if (expected == null) {
            assertRefused(response, false);
            return;
        }
        assertThat(response.getStatus()).as(response.getContent()).isEqualTo(202);
        JsonNode receipts = MAPPER.readTree(response.getContentBytes());
        assertThat(receipts.size()).isEqualTo(expected.size());
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (int i = 0; i < expected.size(); i++) {
            Expected.Addressed one = expected.get(i);
            assertThat(receipts.get(i).path("key").textValue()).isEqualTo(one.key());
            int nth = seen.merge(one.key(), 1, Integer::sum);
            Listener listener = listeners.computeIfAbsent(one.key(), door::listen);
            assertReceipt(receipts.get(i), listener, one.message(), nth);
        }
        assertThat(door.arrived()).isEqualTo(expected.size());
    }

    /** The nth stanza that a listener got is what was sent and what the receipt names. */
    private static void assertReceipt(JsonNode receipt, Listener listener, String message, int nth) {
        assertThat(receipt.path("receivers").intValue()).isOne();
        byte[] stanza = listener.stanzas().get(nth - 1).getBytes(StandardCharsets.UTF_8);
        XmlElement headline = XML.read(stanza);
        if (headline == null) {
            throw new AssertionError("not XML: " + listener.stanzas().get(nth - 1));
        }
        assertThat(headline.is("jabber:client", "message")).isTrue();
        assertThat(headline.attribute("id")).isEqualTo(receipt.path("id").textValue());
        assertThat(headline.elements()).hasSize(2);
        assertThat(headline.elements().get(0).is("jabber:client", "body")).isTrue();
        assertThat(headline.elements().get(0).text()).isEqualTo(message);
    }

    /** @param odd the path may be something else than the door's, or no path at all */
    private static void assertRefused(HttpTester.Response response, boolean odd) throws Exception {
        List<Integer> allowed = odd ? List.of(400, 404, 405, 413, 414, 415, 422, 431, 505) : List.of(400, 413, 422);
        assertThat(response.getStatus()).as(response.getContent()).isIn(allowed);
        assertThat(response.get("Content-Type")).isEqualTo("application/problem+json");
        JsonNode problem = MAPPER.readTree(response.getContentBytes());
        assertThat(problem.path("status").intValue()).isEqualTo(response.getStatus());
        assertThat(problem.path("detail").textValue()).isNotBlank();
        assertThat(door.arrived()).isZero();
    }

    private static byte[] path(byte[] segment) {
        byte[] before = "/v1/channels/".getBytes(StandardCharsets.US_ASCII);
        byte[] after = "/messages".getBytes(StandardCharsets.US_ASCII);
        byte[] path = Arrays.copyOf(before, before.length + segment.length + after.length);
        System.arraycopy(segment, 0, path, before.length, segment.length);
        System.arraycopy(after, 0, path, before.length + segment.length, after.length);
        return path;
    }
}
