package org.channelgateway.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.channelgateway.it.ChannelApi.Created;
import org.channelgateway.nginx.SelfSigned;

/** A subscriber that is a program of its own, made with a library of others; over BOSH with a full login. */
final class ClientProgram implements Subscriber {
    private static final Path SOURCES = Path.of("..", "channel-js", "interop");
    private static final Path GLOOX = Path.of("target", "gloox-subscriber");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process program;
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final List<String> statuses = new CopyOnWriteArrayList<>();
    private final Map<String, String> conditions = new ConcurrentHashMap<>();
    private final CompletableFuture<Map<String, String>> answers = new CompletableFuture<>();

    /** @param gateway where it is served, with the slash at the end */
    private ClientProgram(List<String> command, URI gateway, Created channel) {
        List<String> whole = new ArrayList<>(command);
        whole.add(gateway.resolve("http-bind").toString());
        whole.add(channel.jid());
        try {
            ProcessBuilder started = new ProcessBuilder(whole).redirectError(ProcessBuilder.Redirect.INHERIT);
            if (gateway.getScheme().equals("https")) { // Node's name for it
                String unused = started.environment()
                        .put("NODE_EXTRA_CA_CERTS", SelfSigned.file().toString());
            }
            program = started.start();
            program.getOutputStream().write((channel.token() + "\n").getBytes(StandardCharsets.UTF_8));
            program.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread reader = new Thread(this::read, "client-program");
        reader.setDaemon(true);
        reader.start();
    }

    /** Strophe in Node. */
    static ClientProgram strophe(URI gateway, Created channel) {
        return new ClientProgram(node("strophe-subscriber.mjs"), gateway, channel);
    }

    /** stanza in Node. */
    static ClientProgram stanza(URI gateway, Created channel) {
        return new ClientProgram(node("stanza-subscriber.mjs"), gateway, channel);
    }

    /** gloox, compiled first. */
    static ClientProgram gloox(URI gateway, Created channel) {
        compileGloox();
        return new ClientProgram(List.of(GLOOX.toAbsolutePath().toString()), gateway, channel);
    }

    private static List<String> node(String script) {
        return List.of("node", SOURCES.resolve(script).toString());
    }

    private static void compileGloox() {
        String source = SOURCES.resolve("gloox-subscriber.cpp").toString();
        try {
            Process compiler = new ProcessBuilder("g++", "-std=c++17", "-o", GLOOX.toString(), source, "-lgloox")
                    .inheritIO()
                    .start();
            if (compiler.waitFor() != 0) {
                throw new AssertionError("g++ does not compile " + source + " (expected: g++ and libgloox-dev)");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8))) {
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

    @Override
    public List<String> texts() {
        return texts;
    }

    /** What it has said of its connection, in order: {@code CONNECTING}, {@code CONNECTED}, … */
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

    @Override
    public boolean isConnected() {
        return statuses.contains("CONNECTED") && !statuses.contains("DISCONNECTED");
    }

    @Override
    public void close() {
        try {
            program.getOutputStream().close();
            if (!program.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError("the program runs on (expected: an end after the stream's)");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            program.destroyForcibly();
        }
    }
}
