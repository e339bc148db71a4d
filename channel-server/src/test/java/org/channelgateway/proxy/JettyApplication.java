package org.channelgateway.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** An application as they are: in a Jetty of its own. */
final class JettyApplication implements AutoCloseable {
    private static final String END = "";

    private final Server server = new Server();
    private final ServerConnector connector;
    private final String scheme;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    JettyApplication() {
        this(null);
    }

    private JettyApplication(SslContextFactory.@Nullable Server tls) {
        connector = tls == null ? new ServerConnector(server) : new ServerConnector(server, tls);
        scheme = tls == null ? "http://127.0.0.1:" : "https://localhost:";
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Pages());
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Over TLS, with a certificate that nobody has signed. */
    static JettyApplication withUnknownCertificate(Path folder) throws IOException, InterruptedException {
        Path store = folder.resolve("unknown.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-alias",
                        "a",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .inheritIO()
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool failed");
        }
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(store.toString());
        tls.setKeyStorePassword("changeit");
        return new JettyApplication(tls);
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
        return URI.create(scheme + connector.getLocalPort());
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
