package org.channelgateway.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An application of a few lines: what it gets is seen byte for byte, and each request is answered by a script. */
final class RawApplication implements AutoCloseable {
    /** Answers one request, of which only the head has been read; the connection is closed after it. */
    interface Script {
        void run(String head, Socket client) throws IOException;
    }

    private final ServerSocket server = new ServerSocket();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Script script;

    RawApplication(Script script) throws IOException {
        this(0, script);
    }

    RawApplication(int port, Script script) throws IOException {
        this.script = script;
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        daemon(this::accept);
    }

    /** One that says the same to all. */
    static RawApplication saying(String answer) throws IOException {
        return new RawApplication((head, client) -> say(client, answer));
    }

    static void say(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "application");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                open.add(client);
                daemon(() -> serve(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            heads.add(head);
            script.run(head, client);
        } catch (IOException e) {
            // the other side has closed
        } finally {
            open.remove(client);
        }
    }

    /** The next head, without what follows it. */
    static String head(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int newlines = 0;
        while (newlines < 2) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("ended after " + bytes.size() + " bytes");
            }
            bytes.write(octet);
            newlines = octet == '\n' ? newlines + 1 : octet == '\r' ? newlines : 0;
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    void answers(Script next) {
        script = next;
    }

    /** The heads of all requests that came. */
    List<String> heads() {
        return heads;
    }

    String lastHead() {
        return heads.get(heads.size() - 1);
    }

    /** The values of a header of the last request. */
    List<String> values(String name) {
        return lastHead()
                .lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .toList();
    }

    int connections() {
        return open.size();
    }

    int port() {
        return server.getLocalPort();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket client : open) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
