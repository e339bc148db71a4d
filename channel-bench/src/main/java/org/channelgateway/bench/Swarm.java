package org.channelgateway.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that do the same, each as fast as it is answered. Numbers go on from run to run. Confined to one thread. */
final class Swarm {
    private final Load load;
    private final ServerCpu server;
    private long performed;

    Swarm(Load load, ServerCpu server) {
        this.load = load;
        this.server = server;
    }

    /**
     * Connects, then performs {@code count} operations in all; connecting is not in the time.
     *
     * @param window how many operations a client may have that are not done yet
     */
    Measured run(int connections, int window, int count) throws IOException, InterruptedException {
        List<Load.Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                clients.add(load.connect());
            }
            return measure(clients, window, count);
        } finally {
            for (Load.Client client : clients) {
                client.close();
            }
        }
    }

    private Measured measure(List<Load.Client> clients, int window, int count)
            throws IOException, InterruptedException {
        long first = performed;
        performed += count;
        AtomicLong next = new AtomicLong();
        long[] nanos = new long[count];
        List<Callable<Void>> work = new ArrayList<>();
        for (Load.Client client : clients) {
            work.add(() -> {
                perform(client, window, first, next, nanos);
                return null;
            });
        }
        load.begin(first, count);
        long cpu = server.nanos();
        long started = System.nanoTime();
        runAll(work);
        load.finish();
        long took = System.nanoTime() - started;
        return new Measured(took, nanos, server.nanos() - cpu);
    }

    private static void perform(Load.Client client, int window, long first, AtomicLong next, long[] nanos)
            throws IOException {
        int waiting = 0;
        for (int i = (int) next.getAndIncrement(); i < nanos.length; i = (int) next.getAndIncrement()) {
            if (waiting == window) {
                receive(client, first, nanos);
                waiting--;
            }
            nanos[i] = -System.nanoTime();
            client.send(first + i);
            waiting++;
        }
        for (; waiting > 0; waiting--) {
            receive(client, first, nanos);
        }
    }

    private static void receive(Load.Client client, long first, long[] nanos) throws IOException {
        long number = client.receive();
        nanos[(int) (number - first)] += System.nanoTime();
    }

    private static void runAll(List<Callable<Void>> work) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("a client failed: " + e.getMessage(), e); // the message is its cause as text
        } finally {
            threads.shutdown();
        }
    }
}
