package org.channelgateway.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kills a gateway under all its clients, starts it again, and measures how soon all of them are back, and how long a publish
 * takes meanwhile.
 *
 * @param command for bash; starts the gateway at {@code url}, in the foreground, without apps: with the app {@code demo}
 * @param secret where the file with the secret of {@code demo} is
 */
record Storm(URI url, String command, Path secret, int clients) {
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
    private static final int SLICE_MILLIS = 10;
    private static final long LIMIT_SECONDS = 180;
    private static final int PUBLISH_PAUSE_MILLIS = 20;

    String measure(String prefix) throws IOException, InterruptedException {
        Process gateway = start();
        try (Selector selector = Selector.open()) {
            List<StormClient> all = new ArrayList<>();
            for (String token : tokens(prefix)) {
                all.add(new StormClient(selector, url, token));
            }
            double first = untilAllAreBack(selector, all);
            kill(gateway);
            while (all.stream().anyMatch(StormClient::isBack)) {
                step(selector, all);
            }
            long killed = System.nanoTime();
            gateway = start();
            double down = seconds(killed);
            ExecutorService threads = Executors.newSingleThreadExecutor();
            Publisher publisher = new Publisher(prefix);
            Future<long[]> published = threads.submit(publisher);
            double back = untilAllAreBack(selector, all);
            publisher.over = true;
            long[] nanos = published.get();
            threads.shutdown();
            all.forEach(StormClient::close);
            Arrays.sort(nanos);
            return String.format(
                    Locale.ROOT,
                    "storm, %d clients: first in after %.1f s; down for %.1f s; all back %.1f s after the restart; "
                            + "%d publishes meanwhile, p50 %.1f ms, p99 %.1f ms, max %.1f ms",
                    clients,
                    first,
                    down,
                    back,
                    nanos.length,
                    nanos[nanos.length / 2] / 1e6,
                    nanos[nanos.length * 99 / 100] / 1e6,
                    nanos[nanos.length - 1] / 1e6);
        } catch (ExecutionException e) {
            throw new IOException("publish: failed", e);
        } finally {
            kill(gateway);
        }
    }

    private Process start() throws IOException {
        Process process = new ProcessBuilder("bash", "-c", "exec " + command)
                .redirectError(Redirect.INHERIT)
                .start();
        BufferedReader out = process.inputReader(UTF_8);
        String line = out.readLine();
        while (line != null && !line.startsWith("ready")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("--command: ended (expected: a line that begins with ready)");
        }
        return process;
    }

    private static void kill(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    private List<String> tokens(String prefix) throws IOException {
        List<String> tokens = new ArrayList<>();
        try (HttpConnection connection = new HttpConnection(url)) {
            for (int i = 0; i < clients; i++) {
                connection.send("/v1/channels", authorization(), "{\"key\":\"" + prefix + i + "\"}");
                Matcher token = TOKEN.matcher(connection.receive(201));
                if (!token.find()) {
                    throw new IOException("create: no token (expected: one)");
                }
                tokens.add(token.group(1));
            }
        }
        return tokens;
    }

    private Map<String, String> authorization() throws IOException {
        return Map.of("Authorization", "Bearer " + Files.readString(secret).strip());
    }

    private static double untilAllAreBack(Selector selector, List<StormClient> all) throws IOException {
        long started = System.nanoTime();
        while (!all.stream().allMatch(StormClient::isBack)) {
            step(selector, all);
            if (seconds(started) > LIMIT_SECONDS) {
                long missing = all.stream().filter(client -> !client.isBack()).count();
                throw new IOException(missing + " clients are not back (expected: none after " + LIMIT_SECONDS + " s)");
            }
        }
        return seconds(started);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private static void step(Selector selector, List<StormClient> all) throws IOException {
        long now = System.nanoTime();
        for (StormClient client : all) {
            client.tick(now);
        }
        selector.select(SLICE_MILLIS);
        for (SelectionKey key : selector.selectedKeys()) {
            ((StormClient) key.attachment()).ready(key);
        }
        selector.selectedKeys().clear();
    }

    /** Publishes to one key after the other until it is told to end. */
    private final class Publisher implements Callable<long[]> {
        private final String prefix;
        private volatile boolean over;

        Publisher(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public long[] call() throws IOException, InterruptedException {
            List<Long> nanos = new ArrayList<>();
            try (HttpConnection connection = new HttpConnection(url)) {
                while (!over || nanos.isEmpty()) {
                    String key = prefix + nanos.size() % clients;
                    long sent = System.nanoTime();
                    connection.send(
                            "/v1/messages", authorization(), "[{\"keys\":[\"" + key + "\"],\"message\":\"x\"}]");
                    connection.receive(202);
                    nanos.add(System.nanoTime() - sent);
                    Thread.sleep(PUBLISH_PAUSE_MILLIS);
                }
            }
            return nanos.stream().mapToLong(Long::longValue).toArray();
        }
    }
}
