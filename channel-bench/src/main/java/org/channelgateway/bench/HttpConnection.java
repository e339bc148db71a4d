package org.channelgateway.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import java.util.Map;

/**
 * One kept connection over HTTP/1.1: as little as possible, so that the client takes little of the CPU
 * that it shares with the server. Confined to one thread.
 */
final class HttpConnection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final String LENGTH = "content-length:";

    private final String host;
    private final Socket socket;
    private final InputStream in;

    HttpConnection(URI server) throws IOException {
        this.host = server.getRawAuthority();
        this.socket = new Socket(server.getHost(), server.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Posts JSON. */
    void send(String path, Map<String, String> headers, String json) throws IOException {
        byte[] body = json.getBytes(UTF_8);
        StringBuilder head = new StringBuilder("POST ").append(path).append(" HTTP/1.1\r\n");
        header(head, "Host", host);
        header(head, "Content-Type", "application/json");
        header(head, "Content-Length", Integer.toString(body.length));
        headers.forEach((name, value) -> header(head, name, value));
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
        request.writeBytes(body);
        request.writeTo(socket.getOutputStream());
    }

    private static void header(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    /**
     * Reads all of an answer; returns its body.
     *
     * @throws IOException if its status is another than the one expected
     */
    String receive(int expected) throws IOException {
        String status = line();
        int length = -1;
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
                length = Integer.parseInt(line.substring(LENGTH.length()).trim());
            }
        }
        if (length < 0) {
            throw new IOException("Content-Length: none (expected: one)");
        }
        byte[] body = in.readNBytes(length);
        if (!status.startsWith("HTTP/1.1 " + expected + " ")) {
            throw new IOException("status: " + status + " (expected: " + expected + "): " + new String(body, UTF_8));
        }
        return new String(body, UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("answer: ended (expected: a line)");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
