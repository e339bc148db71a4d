package org.channelgateway.ops;

import java.time.Instant;
import java.util.function.Function;
import org.channelgateway.gc.Sweeper;
import org.channelgateway.http.RequestCounts;
import org.channelgateway.stats.ServerLoad;

/** Leases, the database, the backend, and Jetty. */
final class ServerMeters {
    private static final double MILLIS = 1000;
    private static final String CONNECTIONS = "Connections to the database, by state";
    private static final String SWEEPS = "Sweeps of expired leases, by result";
    private static final String THREADS = "Threads of a server, by state";

    private ServerMeters() {}

    static void register(Meters meters, Observed observed) {
        database(meters);
        meters.gauge(
                "gateway.backend.up",
                "1 when the XMPP backend can make sessions",
                now -> observed.backend().isUp() ? 1 : 0);
        sweeps(meters);
        server(meters, "http", Snapshot::http);
        if (observed.clients() != null) {
            server(meters, "c2s", now -> now.ofClients().c2s());
        }
        RequestCounts requests = observed.http().requests();
        for (int statusClass = 1; statusClass <= 5; statusClass++) {
            int of = statusClass;
            meters.counter(
                    "gateway.http.requests",
                    "HTTP requests that were answered, by the class of the status",
                    () -> requests.of(of),
                    "status",
                    of + "xx");
        }
        meters.counter(
                "gateway.http.requests",
                "HTTP requests that were answered, by the class of the status",
                () -> requests.of(0),
                "status",
                "none");
        meters.gauge(
                "gateway.http.open.requests",
                "HTTP requests without an answer, held polls included",
                now -> observed.http().openRequests());
    }

    private static void database(Meters meters) {
        meters.gauge(
                "gateway.database.up",
                "1 when the database answered this scrape within a second",
                now -> now.database().up() ? 1 : 0);
        meters.gauge(
                "gateway.leases",
                "Live leases; NaN when the database did not say",
                now -> now.database().up() ? now.database().leases() : Double.NaN);
        meters.gauge(
                "gateway.database.connections", CONNECTIONS, now -> now.pool().active(), "state", "active");
        meters.gauge(
                "gateway.database.connections", CONNECTIONS, now -> now.pool().idle(), "state", "idle");
        meters.gauge(
                "gateway.database.max.connections",
                "Most connections to the database",
                now -> now.pool().most());
        meters.gauge(
                "gateway.database.waiting.threads",
                "Threads that wait for a connection to the database",
                now -> now.pool().waiting());
    }

    private static void sweeps(Meters meters) {
        meters.counted(
                "gateway.sweeps",
                SWEEPS,
                now -> now.sweeps().runs() - now.sweeps().failures(),
                "result",
                "done");
        meters.counted("gateway.sweeps", SWEEPS, now -> now.sweeps().failures(), "result", "failed");
        meters.counted(
                "gateway.swept.leases",
                "Expired leases that were removed",
                now -> now.sweeps().removed());
        meters.gauge(
                "gateway.last.sweep.timestamp.seconds",
                "When the last sweep that did not fail ended, in Unix time; NaN before the first",
                now -> seconds(now.sweeps()));
    }

    private static double seconds(Sweeper.Totals sweeps) {
        Instant last = sweeps.lastEnd();
        return last == null ? Double.NaN : last.toEpochMilli() / MILLIS;
    }

    private static void server(Meters meters, String name, Function<Snapshot, ServerLoad> load) {
        meters.gauge(
                "gateway.jetty.threads",
                THREADS,
                now -> load.apply(now).busyThreads(),
                "server",
                name,
                "state",
                "busy");
        meters.gauge(
                "gateway.jetty.threads",
                THREADS,
                now -> load.apply(now).idleThreads(),
                "server",
                name,
                "state",
                "idle");
        meters.gauge(
                "gateway.jetty.max.threads",
                "Most threads of a server",
                now -> load.apply(now).maxThreads(),
                "server",
                name);
        meters.gauge(
                "gateway.jetty.queued.jobs",
                "Jobs that wait for a thread of a server",
                now -> load.apply(now).queuedJobs(),
                "server",
                name);
        meters.gauge(
                "gateway.jetty.connections",
                "Connections of clients to a server",
                now -> load.apply(now).connections(),
                "server",
                name);
    }
}
