package org.channelgateway.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a load on a server and prints what it sustained, or how long it takes to start:
 *
 * <pre>
 * create   --url http://HOST:PORT --secret SECRET    channels of a gateway
 * register --url http://HOST:PORT [--domain DOMAIN]  accounts of ejabberd, by mod_http_api
 *     --connections 1,8   how many clients at once, one series each
 *     --count 5000        operations in a run
 *     --warm-up 0         operations before the first series, with the last number of connections
 *     --pid PID           the server, for its CPU
 * start    --command COMMAND [--port PORT]           until the line "ready", or until the port is open
 *
 * --runs 3                runs in a series; their median and range are printed
 * </pre>
 */
public final class BenchMain {
    private static final int BAD_ARGUMENTS = 2;

    private BenchMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        try {
            run(Options.parse(args));
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(BAD_ARGUMENTS);
        }
    }

    private static void run(Options options) throws IOException, InterruptedException {
        if (options.what().equals("start")) {
            startUps(options);
        } else {
            loads(options);
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

    private static void loads(Options options) throws IOException, InterruptedException {
        Swarm swarm = new Swarm(load(options), options.serverCpu());
        List<Integer> connections = options.numbers("--connections", "1,8", 1);
        int count = options.number("--count", 5000, 1);
        int runs = options.number("--runs", 3, 1);
        int warmUp = options.number("--warm-up", 0, 0);
        if (warmUp > 0) {
            swarm.run(connections.get(connections.size() - 1), warmUp);
        }
        for (int clients : connections) {
            String name = options.what() + ", connections " + clients;
            List<Double> rates = new ArrayList<>();
            for (int run = 1; run <= runs; run++) {
                Measured measured = swarm.run(clients, count);
                rates.add(measured.perSecond());
                System.out.println(name + ", run " + run + ": " + measured);
            }
            System.out.println(
                    name + ", median of " + runs + ": " + Median.of(rates).in("per second"));
        }
    }

    private static Load load(Options options) {
        String prefix = "bench-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + "-";
        return switch (options.what()) {
            case "create" -> new CreateChannels(options.url(), options.text("--secret", null), prefix);
            case "register" -> new RegisterAccounts(options.url(), options.text("--domain", "localhost"), prefix);
            default ->
                throw new IllegalArgumentException(options.what() + ": unknown (expected: create, register or start)");
        };
    }
}
