package org.channelgateway.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real ejabberd of this machine, in a folder of its own, on free ports of loopback, and without Erlang's distribution unless asked for:
 * the test speaks to it over its standard input, and it ends by itself when the test does. Thread-safe.
 */
public final class EjabberdProcess implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(3); // on a machine that does ten other things

    private final EjabberdConfig config;
    private final @Nullable ErlangDistribution distribution;
    private final @Nullable EjabberdCtl ctl;
    private final Path folder;
    private final List<String> said = new CopyOnWriteArrayList<>();
    private volatile @Nullable Process process;
    private boolean isGuarded;
    private volatile @Nullable ErlangShell shell;

    /** Starts it with the configuration that is shipped, and waits until it listens. */
    public EjabberdProcess() {
        this(EjabberdConfig.internal());
    }

    public EjabberdProcess(EjabberdConfig config) {
        this(config, null);
    }

    /** A node that can be of a cluster, when it has a distribution. */
    EjabberdProcess(EjabberdConfig config, @Nullable ErlangDistribution distribution) {
        this.config = config;
        this.distribution = distribution;
        try {
            folder = Files.createTempDirectory("ejabberd");
            Files.writeString(folder.resolve("ejabberd.yml"), config.render());
            for (Path file : config.files()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
            for (String below : List.of("spool", "log")) {
                Files.createDirectory(folder.resolve(below));
            }
            compileTheStar();
            ctl = distribution == null ? null : new EjabberdCtl(folder, asItsUser(), distribution);
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

    private static List<String> asItsUser() {
        return isRoot() ? List.of("setpriv", "--reuid=ejabberd", "--regid=ejabberd", "--clear-groups") : List.of();
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
        command.addAll(asItsUser());
        command.addAll(List.of("erl", "-noshell", "+K", "true", "+P", "500000", "-pa", folder.toString()));
        if (distribution != null) {
            command.addAll(distribution.arguments());
        }
        command.addAll(List.of("-mnesia", "dir", "\"" + folder.resolve("spool") + "\"", "-s", "ejabberd"));
        command.addAll(List.of("-eval", ErlangShell.LOOP));
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
            shell = new ErlangShell(started, said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitListening();
    }

    private void awaitListening() {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> List.of(
                                config.c2sPort(), config.insideC2sPort(), config.boshPort(), config.componentPort())
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

    /** Evaluates an Erlang expression in the node, such as {@code ejabberd_sm:connected_users()}. */
    public String eval(String expression) {
        ErlangShell open = shell;
        if (open == null) {
            throw new IllegalStateException("ejabberd was not started");
        }
        return open.eval(expression);
    }

    /** Makes it a node of the other one's cluster. What it had of its own is replaced by what that one has. */
    void join(ErlangDistribution other) {
        Awaitility.await() // it listens before it has started
                .atMost(PATIENCE)
                .until(() -> eval("lists:keymember(ejabberd, 1, application:which_applications())"), "true"::equals);
        String unused = ctl("join_cluster", other.node());
        awaitListening();
    }

    /** The nodes of its cluster that run. */
    String cluster() {
        return eval("ejabberd_cluster:get_nodes()");
    }

    /** What {@code ejabberdctl} says to a command for this node. */
    String ctl(String... words) {
        if (ctl == null) {
            throw new IllegalStateException("ejabberd is no node of a cluster");
        }
        return ctl.run(words);
    }

    /** Waits until it has ended by itself. */
    void awaitEnd() {
        Awaitility.await().atMost(PATIENCE).until(() -> !running().isAlive());
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

    /** Where the gateways' own account connects. */
    public InetSocketAddress insideC2s() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), config.insideC2sPort());
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

    /** It stands still: its connections stay, new ones are taken by the kernel, and nothing is answered. */
    public void hang() {
        if (!isGuarded) { // or it would not see that this JVM has ended
            isGuarded = true;
            Runtime.getRuntime().addShutdownHook(new Thread(this::goOn));
        }
        signal("STOP");
    }

    public void goOn() {
        if (running().isAlive()) {
            signal("CONT");
        }
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
