package org.channelgateway.examples.tictactoe.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway that was started from its jar, for an application in front of which it stands. */
final class Gateway implements AutoCloseable {
    private static final Path JAR = Path.of("..", "..", "channel-server", "target", "channel-server.jar");
    private static final Pattern XMPP = Pattern.compile(" +XMPP +127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern READY = Pattern.compile("ready (http://127\\.0\\.0\\.1:\\d+/)");
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final int xmppPort;
    private final URI uri;
    private final String secret;

    /** @param folder empty */
    Gateway(Path folder, URI application) throws IOException {
        Path yaml = Files.writeString(folder.resolve("gateway.yaml"), "http: {admin: '127.0.0.1:0'}");
        Path data = folder.resolve("data");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-jar", JAR.toString(), "--config", yaml.toString()));
        command.addAll(List.of("--data", data.toString(), "--app", application.toString()));
        command.addAll(List.of("--http", "127.0.0.1:0", "--xmpp", "127.0.0.1:0"));
        process = new ProcessBuilder(command)
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

    int xmppPort() {
        return xmppPort;
    }

    /** Of the app {@code demo}. */
    String secret() {
        return secret;
    }

    URI uri() {
        return uri;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the gateway runs on (expected: an end after SIGTERM)");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
