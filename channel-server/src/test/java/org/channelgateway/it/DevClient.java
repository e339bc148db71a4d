package org.channelgateway.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Listens as the Java clients of App Engine applications do when their server is the development server: the token as the
 * server's page printed it, with its line end, encoded into the URL; a poll every 500 ms; the error from the status line.
 */
final class DevClient implements AutoCloseable {
    private static final int POLL_MILLIS = 500;
    private static final int PATIENCE_MILLIS = 20_000;

    private final URI gateway;
    private final String token;
    private final String connection;
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> polling;

    DevClient(URI gateway, String token) {
        this.gateway = gateway;
        this.token = token + "\n";
        this.connection = ask("connect", "");
        this.polling = timer.scheduleWithFixedDelay(this::poll, 0, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void poll() {
        try {
            String message = ask("poll", "&client=" + connection.strip());
            if (!message.isEmpty()) {
                messages.add(message.substring(0, message.length() - 1));
            }
        } catch (UncheckedIOException e) {
            errors.add(String.valueOf(e.getMessage()));
            throw e; // ends the polling
        }
    }

    private String ask(String command, String more) {
        String query = "command=" + command + "&channel=" + URLEncoder.encode(token, StandardCharsets.UTF_8) + more;
        try {
            HttpURLConnection request = (HttpURLConnection)
                    gateway.resolve("_ah/channel/dev?" + query).toURL().openConnection();
            request.setConnectTimeout(PATIENCE_MILLIS);
            request.setReadTimeout(PATIENCE_MILLIS);
            if (request.getResponseCode() != 200) {
                throw new IOException(request.getResponseCode() + " " + request.getResponseMessage());
            }
            try (InputStream in = request.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
        }
    }

    List<String> messages() {
        return messages;
    }

    /** The status and the reason phrase that ended the polling. */
    List<String> errors() {
        return errors;
    }

    @Override
    public void close() {
        polling.cancel(false);
        timer.shutdown();
        try {
            if (!timer.awaitTermination(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("a poll did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (errors.isEmpty()) {
            ask("disconnect", "&client=" + connection.strip());
        }
    }
}
