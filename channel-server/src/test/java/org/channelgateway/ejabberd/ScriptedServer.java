package org.channelgateway.ejabberd;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Serves HTTP on loopback as its script says, whatever is asked; without a next line it says nothing. Thread-safe. */
final class ScriptedServer implements AutoCloseable {
    private static final String CLOSE = "";

    private final ServerSocket listener;
    private final BlockingQueue<String> script = new LinkedBlockingQueue<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger closed = new AtomicInteger();

    ScriptedServer() {
        try {
            listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                start(() -> serve(socket));
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            String body = request(in);
            while (body != null) {
                heard.add(body);
                socket.getOutputStream().write(script.take().getBytes(US_ASCII));
                if (CLOSE.equals(script.peek())) {
                    String unused = script.take();
                    break;
                }
                body = request(in);
            }
        } catch (IOException | InterruptedException e) {
            return; // the client has gone
        } finally {
            closed.incrementAndGet();
        }
    }

    private static @Nullable String request(DataInputStream in) throws IOException {
        int length = 0;
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            if (next != '\n') {
                line.append((char) next);
                continue;
            }
            String header = line.toString().strip();
            line.setLength(0);
            if (header.startsWith("Content-Length: ")) {
                length = Integer.parseInt(header.substring("Content-Length: ".length()));
            }
            if (header.isEmpty()) {
                return new String(in.readNBytes(length), US_ASCII);
            }
        }
    }

    /** Answers the next requests with these bodies. */
    ScriptedServer answers(String... bodies) {
        for (String body : bodies) {
            ScriptedServer unused =
                    answersWith("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        }
        return this;
    }

    /** Answers the next request with exactly that. */
    ScriptedServer answersWith(String bytes) {
        script.add(bytes);
        return this;
    }

    /** Closes the connection after the answer before. */
    ScriptedServer closes() {
        return answersWith(CLOSE);
    }

    void awaitClosed() {
        await().until(() -> closed.get() > 0);
    }

    void awaitHeard(int count) {
        await().until(() -> heard.size() >= count);
    }

    /** The bodies of all requests. */
    List<String> heard() {
        return heard;
    }

    /** How many connections there were. */
    int connections() {
        return sockets.size();
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
