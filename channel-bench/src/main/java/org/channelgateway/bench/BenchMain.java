package org.channelgateway.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Puts a load on a server and prints what it sustained, or how long it takes to start. */
public final class BenchMain {
    private static final int BAD_ARGUMENTS = 2;

    private static final String USAGE = """
            create        --url http://HOST:PORT --secret SECRET    channels of a gateway
            register      --url http://HOST:PORT                    accounts of ejabberd, by mod_http_api
            xmpp-ping     --url xmpp://HOST:PORT --user USER --secret SECRET
                                                                    pings of the server by IQ: the floor
            xmpp-create   as xmpp-ping                              channels by IQ; on ejabberd, accounts by XEP-0133
            xmpp-publish  as xmpp-ping                              messages by IQ; on ejabberd, headlines to one
                                                                    account, or announcements to all
                --subscribers 0         who listen over TCP, all to the same
                --connections 1,8       how many clients at once, one series each
                --window 1              operations of a client that are under way at once, one series each
                --count 5000            operations in a run
                --warm-up 0             operations before the first series, with the last connections and window
                --pid PID               the server, for its CPU
            xmpp-sessions as xmpp-ping, and --pid PID               sessions that are logged in and do nothing
                --count 1000            so many
            storm         --url http://HOST:PORT --command COMMAND --secret-file FILE
                                                                    a gateway killed under all its clients
                --count 5000            so many
            start         --command COMMAND [--port PORT]           until the line "ready", or until the port is open

            --runs 3                    runs in a series; their median and range are printed
            --server gateway            or ejabberd: who is at an xmpp: address. There, USER is an administrator, and
                                        SECRET the password of the subscribers u0, u1, ... as well
            --domain localhost          of the XMPP server, or of the accounts of ejabberd
            """;

    private BenchMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        try {
            run(Options.parse(args));
        } catch (IllegalArgumentException e) {
            System.err.print("bench: " + e.getMessage() + "\n\n" + USAGE);
            System.exit(BAD_ARGUMENTS);
        }
    }

    private static void run(Options options) throws IOException, InterruptedException {
        switch (options.what()) {
            case "start" -> startUps(options);
            case "xmpp-sessions" -> sessions(options);
            case "storm" -> storm(options);
            default -> loads(options);
        }
    }

    private static void startUps(Options options) throws IOException, InterruptedException {
        StartUp startUp = new StartUp(options.text("--command", null), options.number("--port", 0, 0));
        List<Double> millis = new ArrayList<>();
        int runs = options.number("--runs", 3, 1);
        for (int run = 1; run <= runs; run++) {
            millis.add(startUp.nanos() / 1e6);
        }
        System.out.println("start, median of " + runs + ": " + Median.of(millis).in("ms"));
    }

    private static void sessions(Options options) throws IOException, InterruptedException {
        ServerMemory memory = new ServerMemory(options.number("--pid", 0, 1));
        XmppSessions sessions = new XmppSessions(options.xmppPeer(prefix()), options.serverCpu(), memory);
        System.out.println(sessions.measure(options.number("--count", 1000, 1)));
    }

    private static void storm(Options options) throws IOException, InterruptedException {
        Path secret = Path.of(options.text("--secret-file", null));
        Storm storm = new Storm(
                options.url("http"), options.text("--command", null), secret, options.number("--count", 5000, 1));
        System.out.println(storm.measure(prefix()));
    }

    private static void loads(Options options) throws IOException, InterruptedException {
        Load load = load(options);
        ServerCpu server = options.serverCpu();
        Swarm swarm = new Swarm(load, server);
        List<Integer> connections = options.numbers("--connections", "1,8", 1);
        List<Integer> windows = options.numbers("--window", "1", 1);
        int warmUp = options.number("--warm-up", 0, 0);
        if (warmUp > 0) {
            swarm.run(connections.get(connections.size() - 1), windows.get(windows.size() - 1), warmUp);
        }
        for (int clients : connections) {
            for (int window : windows) {
                series(options, load, swarm, clients, window);
            }
        }
    }

    private static void series(Options options, Load load, Swarm swarm, int clients, int window)
            throws IOException, InterruptedException {
        String name = options.what() + ", connections " + clients + ", window " + window;
        List<Double> rates = new ArrayList<>();
        int runs = options.number("--runs", 3, 1);
        for (int run = 1; run <= runs; run++) {
            Measured measured = swarm.run(clients, window, options.number("--count", 5000, 1));
            rates.add(measured.perSecond());
            System.out.println(name + ", run " + run + ": " + measured + load.more(measured));
        }
        System.out.println(
                name + ", median of " + runs + ": " + Median.of(rates).in("per second"));
    }

    private static Load load(Options options) throws IOException, InterruptedException {
        return switch (options.what()) {
            case "create" -> new CreateChannels(options.url("http"), options.text("--secret", null), prefix());
            case "register" ->
                new RegisterAccounts(options.url("http"), options.text("--domain", "localhost"), prefix());
            case "xmpp-ping" -> new XmppPings(options.xmppPeer(prefix()));
            case "xmpp-create" -> new XmppCreates(options.xmppPeer(prefix()));
            case "xmpp-publish" -> XmppPublishes.to(options.xmppPeer(prefix()), options.number("--subscribers", 0, 0));
            default ->
                throw new IllegalArgumentException(options.what() + ": unknown (expected: create, register,"
                        + " xmpp-ping, xmpp-create, xmpp-publish, xmpp-sessions, storm or start)");
        };
    }

    /** Of what is made, so that no two programs make the same. */
    private static String prefix() {
        return "bench-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + "-";
    }
}
