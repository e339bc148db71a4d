package org.channelgateway.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.channelgateway.LeakWatch;
import org.jspecify.annotations.Nullable;

/**
 * A real ejabberd of this machine, in a folder of its own, on free ports of loopback, and without Erlang's distribution unless asked for:
 * the test speaks to it over its standard input, and it ends by itself when the test does. Thread-safe.
 */
public final class EjabberdProcess implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ANSWER = "=> ";

    /** Reads expressions from standard input, one a line, and says what each is; ends the node with its input. */
    private static final String SHELL = "spawn(fun Loop() -> case io:get_line(\"\") of"
            + " Line when is_list(Line) -> try {ok, T, _} = erl_scan:string(Line), {ok, E} = erl_parse:parse_exprs(T),"
            + " {value, V, _} = erl_eval:exprs(E, []), io:format(\"" + ANSWER + "~0p~n\", [V])"
            + " catch C:R -> io:format(\"" + ANSWER + "~0p~n\", [{C, R}]) end, Loop();"
            + " _ -> erlang:halt(0, [{flush, false}]) end end).";

    /**
     * How nodes find each other, without a port mapper: by addresses of loopback and one port.
     *
     * @param number 1..254, another one for each node; the node is {@code ejabberd@127.0.0.number}
     * @param port free at all their addresses
     * @param cookie what nodes of a cluster have in common
     */
    record Distribution(int number, int port, String cookie) {
        String node() {
            return "ejabberd@127.0.0." + number;
        }

        private List<String> arguments() {
            return List.of(
                    "-name",
                    node(),
                    "-setcookie",
                    cookie,
                    "-kernel",
                    "inet_dist_use_interface",
                    "{127,0,0," + number + "}",
                    "-erl_epmd_port",
                    String.valueOf(port),
                    "-start_epmd",
                    "false");
        }
    }

    private final EjabberdConfig config;
    private final List<String> distribution;
    private final Path folder;
    private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(1);
    private final List<String> said = new CopyOnWriteArrayList<>();
    private volatile @Nullable Process process;

    /** Starts it with the configuration that is shipped, and waits until it listens. */
    public EjabberdProcess() {
        this(EjabberdConfig.internal());
    }

    public EjabberdProcess(EjabberdConfig config) {
        this(config, List.of());
    }

    /** A node that can be of a cluster. */
    EjabberdProcess(EjabberdConfig config, Distribution distribution) {
        this(config, distribution.arguments());
    }

    private EjabberdProcess(EjabberdConfig config, List<String> distribution) {
        this.config = config;
        this.distribution = distribution;
        try {
            folder = Files.createTempDirectory("ejabberd");
            Files.writeString(folder.resolve("ejabberd.yml"), config.render());
            for (String below : List.of("spool", "log")) {
                Files.createDirectory(folder.resolve(below));
            }
            compileTheStar();
            if (isRoot()) {
                giveAway();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            start();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private void compileTheStar() throws IOException {
        Process erlc = new ProcessBuilder(
                        "erlc",
                        "-o",
                        folder.toString(),
                        Path.of("..", "ejabberd-conf", "mod_channel_star.erl").toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(erlc.getInputStream().readAllBytes(), UTF_8);
        if (!Files.exists(folder.resolve("mod_channel_star.beam"))) {
            throw new AssertionError("erlc: " + output + " (expected: mod_channel_star.beam)");
        }
    }

    private void giveAway() throws IOException {
        var ejabberd = folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("ejabberd");
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Files.setOwner(file, ejabberd);
            }
        }
    }

    /** Starts it again, on the same ports and with the same accounts. */
    public synchronized void start() {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n $(ulimit -Hn); exec \"$@\"", "sh"));
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=ejabberd", "--regid=ejabberd", "--clear-groups"));
        }
        command.addAll(List.of("erl", "-noshell", "+K", "true", "+P", "500000", "-pa", folder.toString()));
        command.addAll(distribution);
        command.addAll(List.of("-mnesia", "dir", "\"" + folder.resolve("spool") + "\"", "-s", "ejabberd"));
        command.addAll(List.of("-eval", SHELL));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(folder.toFile());
        builder.environment()
                .putAll(Map.of(
                        "HOME", folder.toString(),
                        "ERL_LIBS", libraries(),
                        "ERL_MAX_PORTS", "65536",
                        "ERL_CRASH_DUMP_BYTES", "0",
                        "EJABBERD_CONFIG_PATH", folder.resolve("ejabberd.yml").toString(),
                        "EJABBERD_LOG_PATH", folder.resolve("log/ejabberd.log").toString()));
        try {
            Process started = builder.start();
            process = started;
            new Thread(() -> read(started), "ejabberd-says").start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitListening();
    }

    private void awaitListening() {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> List.of(config.c2sPort(), config.boshPort(), config.componentPort())
                        .forEach(this::mustListen));
    }

    /** Where the package has put ejabberd's own code. */
    private static String libraries() {
        try (Stream<Path> folders = Files.list(Path.of("/usr/lib"))) {
            return folders.filter(folder -> Files.isDirectory(folder.resolve("ejabberd-23.01")))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no ejabberd below /usr/lib (expected: Debian's package)"))
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void mustListen(int port) {
        if (!running().isAlive()) {
            throw new IllegalStateException("ejabberd has ended: " + String.join("\n", said));
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getPort();
        } catch (IOException e) {
            throw new AssertionError("port " + port, e);
        }
    }

    private void read(Process from) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(from.getInputStream(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(ANSWER)) {
                    answers.put(line.substring(ANSWER.length()));
                } else {
                    LeakWatch.said(line);
                    said.add(line);
                }
            }
        } catch (IOException e) {
            said.add(e.toString()); // killed
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Evaluates an Erlang expression in the node, such as {@code ejabberd_sm:connected_users()}. */
    public synchronized String eval(String expression) {
        try {
            Writer writer = running().outputWriter(UTF_8);
            writer.write(expression + ".\n");
            writer.flush();
            String answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (answer == null) {
                throw new AssertionError("no answer to " + expression + ": " + String.join("\n", said));
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Makes it a node of the other one's cluster. What it had of its own is replaced by what that one has. */
    void join(Distribution other) {
        String answer = eval("ejabberd_cluster:join('" + other.node() + "')");
        if (!"ok".equals(answer)) {
            throw new AssertionError("join " + other.node() + ": " + answer + " (expected: ok)");
        }
        awaitListening();
    }

    /** Makes an account that outlives {@link #kill}. Only with internal authentication. */
    public void register(String localpart, String password) {
        String answer = eval(
                "R = ejabberd_auth:try_register(<<\"%s\">>, <<\"%s\">>, <<\"%s\">>), dumped = mnesia:dump_log(), ok = dets:sync(passwd), R"
                        .formatted(localpart, config.domain(), password));
        if (!"ok".equals(answer)) {
            throw new AssertionError("register " + localpart + ": " + answer + " (expected: ok)");
        }
    }

    public String domain() {
        return config.domain();
    }

    public String componentSecret() {
        return config.componentSecret();
    }

    public InetSocketAddress c2s() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), config.c2sPort());
    }

    public InetSocketAddress component() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), config.componentPort());
    }

    /** Such as {@code http://127.0.0.1:1234/http-bind}. */
    public URI bosh() {
        return URI.create("http://127.0.0.1:" + config.boshPort() + "/http-bind");
    }

    /** Everything that it has said so far. */
    public List<String> said() {
        return List.copyOf(said);
    }

    public long pid() {
        return running().pid();
    }

    private Process running() {
        Process started = process;
        if (started == null) {
            throw new IllegalStateException("ejabberd was not started");
        }
        return started;
    }

    /** Ends it as a lost machine would. */
    public synchronized void kill() {
        signal("KILL");
        join();
    }

    /** It hangs: its connections stay, and nothing is answered. */
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    /** Ends it in order, if it runs, and starts it again. */
    public synchronized void restart() {
        stop();
        start();
    }

    /** Ends it in order, as its service would. */
    public synchronized void stop() {
        Process ending = process;
        if (ending == null || !ending.isAlive()) {
            return;
        }
        signal("CONT");
        signal("TERM");
        try {
            if (!ending.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                ending.destroyForcibly();
            }
        } catch (InterruptedException e) {
            ending.destroyForcibly();
            throw new AssertionError(e);
        }
        join();
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void join() {
        try {
            running().waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public synchronized void close() {
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
