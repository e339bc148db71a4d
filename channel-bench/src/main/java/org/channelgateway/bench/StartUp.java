package org.channelgateway.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Starts a server in the foreground and stops it again.
 *
 * @param command for bash; ended with SIGTERM, with all that it started
 * @param port on loopback, open when the server is ready; 0: it is ready when it prints a line that begins with {@code ready}
 */
record StartUp(String command, int port) {
    private static final int POLL_MILLIS = 2;
    private static final int STOP_SECONDS = 30;

    /** How long it took until the server was ready. */
    long nanos() throws IOException, InterruptedException {
        long started = System.nanoTime();
        Process process = new ProcessBuilder("bash", "-c", "exec " + command)
                .redirectError(Redirect.INHERIT)
                .redirectOutput(port == 0 ? Redirect.PIPE : Redirect.DISCARD)
                .start();
        try {
            if (port == 0) {
                awaitLine(process);
            } else {
                awaitPort(process);
            }
            return System.nanoTime() - started;
        } finally {
            stop(process);
        }
    }

    private void awaitLine(Process process) throws IOException {
        BufferedReader out = process.inputReader(UTF_8);
        String line = out.readLine();
        while (line != null && !line.startsWith("ready")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("--command: ended (expected: a line that begins with ready)");
        }
    }

    private void awaitPort(Process process) throws IOException, InterruptedException {
        while (!isOpen()) {
            if (!process.isAlive()) {
                throw new IOException("--command: ended (expected: port " + port + " opens)");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private boolean isOpen() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    /** Waits for all of them: the next start needs what the last of them holds. */
    private static void stop(Process process) throws IOException, InterruptedException {
        List<ProcessHandle> family = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        family.forEach(ProcessHandle::destroy);
        try {
            CompletableFuture.allOf(family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
                    .get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("--command: still runs (expected: ends " + STOP_SECONDS + " s after SIGTERM)", e);
        }
    }
}
