package org.channelgateway.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Serves an application's pages, which include the gateway's library and nothing else, from an origin of their own. */
final class PageServer implements AutoCloseable {
    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>A page of an application</title></head>
            <body><script src='%s_ah/channel/jsapi'></script></body></html>
            """;

    private final HttpServer server;

    PageServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", PageServer::answer);
        server.start();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String gateway = exchange.getRequestURI().getQuery();
        String page = gateway == null ? "<!DOCTYPE html><title>Elsewhere</title>" : PAGE.formatted(gateway);
        byte[] body = page.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** As browsers send it. */
    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A page that loads the library from {@code gateway}. */
    URI page(URI gateway) {
        return URI.create(origin() + "/?" + gateway);
    }

    /** A page that knows nothing of channels. */
    URI elsewhere() {
        return URI.create(origin() + "/elsewhere");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
