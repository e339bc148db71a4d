package org.channelgateway.proxy;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.channelgateway.server.RunningGateway;

/** A gateway with an application behind, and clients of the address that they share. Its limits follow a clock that is moved. */
final class SharedAddress implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final AtomicLong moved = new AtomicLong();
    private final RunningGateway gateway;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    SharedAddress(Path folder, URI application) throws Exception {
        gateway = RunningGateway.start(
                folder,
                "",
                InstantSource.system(),
                () -> System.nanoTime() + moved.get(),
                Map.of(
                        "CHANNEL_SHUTDOWN_SPREAD",
                        "0s",
                        "CHANNEL_SHUTDOWN_LIMIT",
                        "5s",
                        "CHANNEL_HTTP_APP",
                        application.toString(),
                        "CHANNEL_HTTP_ADMIN",
                        "127.0.0.1:0",
                        "CHANNEL_LIMITS_APPLICATIONTIME",
                        "300s"));
    }

    void move(Duration time) {
        moved.addAndGet(time.toNanos());
    }

    RunningGateway gateway() {
        return gateway;
    }

    URI uri() {
        return gateway.uri();
    }

    String host() {
        return uri().getRawAuthority();
    }

    /** A client that writes bytes. */
    Socket connect() throws IOException {
        Socket socket = new Socket(uri().getHost(), uri().getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** Everything that is answered to {@code request} until the gateway closes. */
    String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** The same for a request line. */
    String line(String line, String... headers) throws IOException {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return raw(line + " HTTP/1.1\r\nHost: " + host() + "\r\nConnection: close\r\n" + more + "\r\n");
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(uri() + path.substring(1)));
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path).build());
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path).POST(BodyPublishers.ofString(body)).build());
    }

    HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, BodyHandlers.ofString());
    }

    HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        gateway.close();
    }
}
