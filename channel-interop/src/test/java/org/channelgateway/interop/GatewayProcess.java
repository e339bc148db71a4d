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
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway that was started from its jar, with the app {@code demo}, and its HTTP API. Thread-safe. */
final class GatewayProcess implements AutoCloseable {
    static final String DOMAIN = "localhost";
    static final String SERVICE = "channel." + DOMAIN;

    private static final Path JAR = Path.of("..", "channel-server", "target", "channel-server.jar");
    private static final Pattern XMPP = Pattern.compile(" +XMPP +127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern READY = Pattern.compile("ready (http://127\\.0\\.0\\.1:\\d+/)");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** An account that may log in: its localpart and its password. */
    record Channel(String localpart, String token) {}

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process process;
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
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        xmppPort = Integer.parseInt(until(said, XMPP));
        uri = URI.create(until(said, READY));
        secret = Files.readString(data.resolve("demo.secret")).strip();
    }

    private static String until(BufferedReader lines, Pattern wanted) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher matcher = wanted.matcher(line);
            if (matcher.matches()) {
                return matcher.group(1);
            }
        }
        throw new IOException("the gateway ended (expected: " + wanted + ")");
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
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the gateway runs on (expected: an end after SIGTERM)");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
