package org.channelgateway.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Serves an application's pages, which include the gateway's library and nothing else, from an origin of their own. */
final class PageServer implements AutoCloseable {
    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>A page of an application</title></head>
            <body><script src='%s_ah/channel/jsapi'></script></body></html>
            """;

    /** Opens a channel too early: what that throws is in {@code thrown}, the channel in {@code channel}. */
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>A page whose script is in its head</title>
            <script src='%s_ah/channel/jsapi'></script>
            <script>
                const channel = new goog.appengine.Channel('%s');
                let thrown = null;
                try {
                    channel.open();
                } catch (e) {
                    thrown = e;
                }
            </script></head><body></body></html>
            """;

    private static final Path STROPHE =
            Path.of("..", "channel-js", "node_modules", "strophe.js", "dist", "strophe.umd.min.js");

    private final HttpServer server;

    PageServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", PageServer::answer);
        server.createContext("/head", PageServer::answerWithScriptInHead);
        server.createContext(
                "/strophe.html", exchange -> answer(exchange, "text/html; charset=utf-8", resource("strophe.html")));
        server.createContext(
                "/strophe.js", exchange -> answer(exchange, "text/javascript", Files.readAllBytes(STROPHE)));
        server.start();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String gateway = exchange.getRequestURI().getQuery();
        String page = gateway == null ? "<!DOCTYPE html><title>Elsewhere</title>" : PAGE.formatted(gateway);
        answer(exchange, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
    }

    private static void answerWithScriptInHead(HttpExchange exchange) throws IOException {
        String[] gatewayAndToken = exchange.getRequestURI().getQuery().split("&", 2);
        String page = HEAD.formatted(gatewayAndToken[0], gatewayAndToken[1]);
        answer(exchange, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = PageServer.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
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

    /** The same, but the library is in its head and so is a script that opens a channel, too early. */
    URI scriptInHead(URI gateway, String token) {
        return URI.create(origin() + "/head?" + gateway + "&" + token);
    }

    /** A page that has Strophe and not the library: its function {@code connect} logs in. */
    URI strophe() {
        return URI.create(origin() + "/strophe.html");
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
