package org.channelgateway.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands before a gateway: takes what pages send to the application, and hands on everything else. Thread-safe. */
final class ReceivingFront implements AutoCloseable {
    private static final Set<String> HANDED_ON = Set.of("content-type", "origin");
    private static final Set<String> HANDED_BACK =
            Set.of("content-type", "access-control-allow-origin", "access-control-expose-headers", "vary");

    /**
     * One request to {@code /_ah/channel/receive}.
     *
     * @param message empty when the body is no form of a key and a message
     */
    record Received(String method, String type, String key, String message) {}

    private final URI gateway;
    private final HttpServer server;
    private final HttpClient client = ChannelApi.client();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Queue<Integer> refusals = new ConcurrentLinkedQueue<>();

    /** @param gateway behind it */
    ReceivingFront(URI gateway) {
        this.gateway = gateway;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handOn);
        server.createContext("/_ah/channel/receive", this::receive);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /** Answers the next message by this status, and the one after that as before. */
    void refuseNext(int status) {
        refusals.add(status);
    }

    List<Received> received() {
        return List.copyOf(received);
    }

    List<String> messages() {
        return received.stream().map(Received::message).toList();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String[] fields = body.split("&", -1);
            boolean form = fields.length == 3
                    && fields[0].startsWith("key=")
                    && fields[1].startsWith("msg=")
                    && fields[2].matches("id=[a-z0-9-]+");
            received.add(new Received(
                    exchange.getRequestMethod(),
                    exchange.getRequestHeaders().getFirst("Content-Type"),
                    form ? decoded(fields[0]) : "",
                    form ? decoded(fields[1]) : ""));
            Integer refusal = refusals.poll();
            if (refusal != null) {
                exchange.getResponseHeaders().set("Retry-After", "0");
            }
            exchange.getResponseHeaders().set("Access-Control-Expose-Headers", "Retry-After");
            exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
            exchange.sendResponseHeaders(refusal == null ? 204 : refusal, -1);
        }
    }

    private static String decoded(String field) {
        return URLDecoder.decode(field.substring("key=".length()), StandardCharsets.UTF_8);
    }

    private void handOn(HttpExchange exchange) throws IOException {
        try (exchange) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            gateway.resolve(exchange.getRequestURI().toString()))
                    .method(
                            exchange.getRequestMethod(),
                            BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (HANDED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                    request.header(name, values.get(0));
                }
            });
            HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
            answer.headers().map().forEach((name, values) -> {
                if (HANDED_BACK.contains(name)) {
                    exchange.getResponseHeaders().set(name, values.get(0));
                }
            });
            byte[] body = answer.body();
            exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
