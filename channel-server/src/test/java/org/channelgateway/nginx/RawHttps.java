package org.channelgateway.nginx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLSocket;

/** Sends requests as they are written, over TLS, each on a connection of its own. Immutable. */
final class RawHttps {
    private static final int PATIENCE_MILLIS = 100_000;

    private final URI server;
    private final InetAddress from;

    RawHttps(URI server) {
        this(server, 1);
    }

    /** @param from the last number of the client's address, 127.0.0.x */
    RawHttps(URI server, int from) {
        this.server = server;
        try {
            this.from = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) from});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An answer, read as ISO 8859-1. */
    record Answer(int status, String head, String body) {
        /** The value of a header; empty when there is none. */
        String header(String name) {
            for (String line : head.split("\r\n", -1)) {
                if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ": ")) {
                    return line.substring(name.length() + 2);
                }
            }
            return "";
        }
    }

    Answer get(String target, String... headers) {
        return send("GET", target, "", headers);
    }

    Answer post(String target, String body, String... headers) {
        return send("POST", target, body, headers);
    }

    Answer send(String method, String target, String body, String... headers) {
        try (Connection connection = open()) {
            connection.write(method, target, body, headers);
            return connection.answer();
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + target, e);
        }
    }

    Connection open() throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
        SSLSocket tls = (SSLSocket)
                SelfSigned.trusting().getSocketFactory().createSocket(socket, server.getHost(), server.getPort(), true);
        tls.setSoTimeout(PATIENCE_MILLIS);
        return new Connection(tls, server.getAuthority());
    }

    /** A connection that takes one request. */
    record Connection(SSLSocket socket, String host) implements AutoCloseable {
        void write(String method, String target, String body, String... headers) throws IOException {
            StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nConnection: close\r\n");
            boolean named = false;
            for (int i = 0; i < headers.length; i += 2) {
                head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
                named |= headers[i].equals("Host");
            }
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            if (!named) {
                head.append("Host: ").append(host).append("\r\n");
            }
            if (method.equals("POST")) {
                head.append("Content-Length: ").append(content.length).append("\r\n");
            }
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            request.writeBytes(content);
            socket.getOutputStream().write(request.toByteArray());
        }

        Answer answer() throws IOException {
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            int end = all.indexOf("\r\n\r\n");
            if (end < 0) {
                throw new IOException("no answer: " + all);
            }
            return new Answer(Integer.parseInt(all.substring(9, 12)), all.substring(0, end), all.substring(end + 4));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
