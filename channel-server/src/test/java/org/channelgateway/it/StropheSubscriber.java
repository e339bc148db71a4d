package org.channelgateway.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.channelgateway.it.ChannelApi.Created;

/** A subscriber with Strophe in a Node of its own, over BOSH with a full login. */
final class StropheSubscriber implements AutoCloseable {
    private static final Path SCRIPT = Path.of("..", "channel-js", "interop", "strophe-subscriber.mjs");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process node;
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final List<String> statuses = new CopyOnWriteArrayList<>();
    private final Map<String, String> conditions = new ConcurrentHashMap<>();
    private final CompletableFuture<Map<String, String>> answers = new CompletableFuture<>();

    StropheSubscriber(GatewayFixture gateway, Created channel) {
        String url = gateway.uri().resolve("http-bind").toString();
        try {
            node = new ProcessBuilder("node", SCRIPT.toString(), url, channel.jid())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            node.getOutputStream().write((channel.token() + "\n").getBytes(StandardCharsets.UTF_8));
            node.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread reader = new Thread(this::read, "strophe");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                take(JSON.readTree(line));
            }
        } catch (IOException e) {
            answers.completeExceptionally(e);
        }
    }

    private void take(JsonNode said) {
        if (said.has("message")) {
            texts.add(said.path("message").textValue());
        } else if (said.has("answers")) {
            Map<String, String> all = new ConcurrentHashMap<>();
            said.path("answers")
                    .properties()
                    .forEach(
                            answer -> all.put(answer.getKey(), answer.getValue().asText()));
            answers.complete(all);
        } else {
            String status = said.path("status").textValue();
            conditions.put(status, said.path("condition").asText(""));
            statuses.add(status);
        }
    }

    /** The texts of the headlines that have arrived, in order. */
    List<String> texts() {
        return texts;
    }

    /** What Strophe has said of its connection, in order: {@code CONNECTING}, {@code CONNECTED}, … */
    List<String> statuses() {
        return statuses;
    }

    /** The condition that came with a status; empty when there was none. */
    String condition(String status) {
        return conditions.getOrDefault(status, "");
    }

    /** How the requests of its login were answered, when all of them were: {@code result}, or the condition of the error. */
    CompletableFuture<Map<String, String>> answers() {
        return answers;
    }

    /** Ends its session the polite way. */
    @Override
    public void close() {
        try {
            node.getOutputStream().close();
            if (!node.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError("node runs on (expected: an end after the stream's)");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            node.destroyForcibly();
        }
    }
}
