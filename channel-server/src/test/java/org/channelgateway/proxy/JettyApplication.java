package org.channelgateway.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** An application as they are: in a Jetty of its own. */
final class JettyApplication implements AutoCloseable {
    private static final String END = "";

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    JettyApplication() {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Pages());
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first ones of a known row. */
    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        int next = 1;
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (next >>> 16);
            next = next * 1_103_515_245 + 12_345;
        }
        return bytes;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    /** Sent by whoever reads {@code /events}. */
    void event(String event) {
        events.add(event);
    }

    void endEvents() {
        events.add(END);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Pages extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            switch (request.getHttpURI().getPath()) {
                case "/sum" -> sum(request, response);
                case "/bytes" -> {
                    byte[] body = bytes(Integer.parseInt(request.getHttpURI().getQuery()));
                    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
                    write(response, true, body);
                }
                case "/events" -> events(response);
                default -> response.setStatus(404);
            }
            callback.succeeded();
            return true;
        }

        private void sum(Request request, Response response) throws IOException {
            CRC32 crc = new CRC32();
            long count;
            try (InputStream in = new CheckedInputStream(Content.Source.asInputStream(request), crc)) {
                count = in.transferTo(OutputStream.nullOutputStream());
            }
            write(response, true, (count + " " + Long.toHexString(crc.getValue())).getBytes(StandardCharsets.US_ASCII));
        }

        private void events(Response response) throws IOException, InterruptedException {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
            write(response, false, new byte[0]);
            for (String event = events.take(); !event.equals(END); event = events.take()) {
                write(response, false, event.getBytes(StandardCharsets.UTF_8));
            }
        }

        private static void write(Response response, boolean last, byte[] bytes) throws IOException {
            Content.Sink.write(response, last, java.nio.ByteBuffer.wrap(bytes));
        }
    }
}
