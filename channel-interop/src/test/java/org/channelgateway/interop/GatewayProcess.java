package org.channelgateway.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway that was started from its jar, with the app {@code demo}, and its HTTP API. Thread-safe. */
final class GatewayProcess implements AutoCloseable {
    static final String DOMAIN = "localhost";
    static final String SERVICE = "channel." + DOMAIN;

    private static final Path JAR = Path.of("..", "channel-server", "target", "channel-server.jar");
    private static final Pattern XMPP = Pattern.compile(" +XMPP +127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern READY = Pattern.compile("ready (http://127\\.0\\.0\\.1:\\d+/)");
    private static final Pattern TOKEN = Pattern.compile("ct_[A-Za-z0-9_-]{8,}");
    private static final int SHORTEST = 12;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** An account that may log in: its localpart and its password. */
    record Channel(String localpart, String token) {}

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process process;
    private final Thread reader;
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> xmpp = new CompletableFuture<>();
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    /** Messages, but for those that are too short to tell. */
    private final Set<String> sent = ConcurrentHashMap.newKeySet();

    private final int xmppPort;
    private final URI uri;
    private final String secret;

    /** @param data an empty folder */
    GatewayProcess(Path data) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        process = new ProcessBuilder(
                        java,
                        "-jar",
                        JAR.toString(),
                        "--data",
                        data.toString(),
                        "--http",
                        "127.0.0.1:0",
                        "--xmpp",
                        "127.0.0.1:0")
                .redirectErrorStream(true)
                .start();
        reader = new Thread(this::read, "gateway-process");
        reader.start();
        try {
            xmppPort = Integer.parseInt(until(xmpp));
            uri = URI.create(until(ready));
            secret = Files.readString(data.resolve("demo.secret")).strip();
        } catch (IOException | RuntimeException | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
                complete(xmpp, XMPP.matcher(line));
                complete(ready, READY.matcher(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            ready.completeExceptionally(new IOException("the gateway ended"));
            xmpp.completeExceptionally(new IOException("the gateway ended"));
        }
    }

    private static void complete(CompletableFuture<String> wanted, Matcher matcher) {
        if (matcher.matches()) {
            wanted.complete(matcher.group(1));
        }
    }

    private String until(CompletableFuture<String> wanted) throws IOException {
        try {
            return wanted.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the gateway is not ready: " + String.join("\n", said), e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** It has ended: nothing that it said may have been a secret, a token or a message. */
    private void nothingLeaked() {
        for (String line : said) {
            if (line.contains(secret)
                    || TOKEN.matcher(line).find()
                    || sent.stream().anyMatch(line::contains)) {
                throw new AssertionError("a secret in what the gateway said: " + line);
            }
        }
    }

    /** Where it serves XMPP on loopback. */
    int xmppPort() {
        return xmppPort;
    }

    Channel create(String key) {
        JsonNode answer = post(
                "v1/channels",
                "application/json",
                JSON.createObjectNode().put("key", key).toString());
        String jid = answer.path("jid").textValue();
        return new Channel(
                jid.substring(0, jid.indexOf('@')), answer.path("token").textValue());
    }

    /** Sends a message and returns how many sessions got it. */
    int send(String key, String message) {
        if (message.length() >= SHORTEST) {
            sent.add(message);
        }
        return post("v1/channels/" + key + "/messages", "text/plain; charset=utf-8", message)
                .path("receivers")
                .intValue();
    }

    private JsonNode post(String path, String contentType, String body) {
        HttpRequest request = HttpRequest.newBuilder(uri.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new AssertionError(answer + " " + answer.body() + " (expected: 2xx)");
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.toHandle().destroy(); // Process.destroy() would not hear what it still says
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the gateway runs on (expected: an end after SIGTERM)");
            }
            reader.join();
            nothingLeaked();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
