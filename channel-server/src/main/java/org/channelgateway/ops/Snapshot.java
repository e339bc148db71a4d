package org.channelgateway.ops;

import org.channelgateway.gc.Sweeper;
import org.channelgateway.registry.PoolState;
import org.channelgateway.stats.ServerLoad;
import org.channelgateway.stats.SessionLoad;
import org.jspecify.annotations.Nullable;

/** What is looked at once for all the meters of a scrape. */
record Snapshot(
        @Nullable OfClients clients,
        ServerLoad http,
        PoolState pool,
        Sweeper.Totals sweeps,
        DatabaseProbe.Answer database) {

    /**
     * Of the clients that this process has.
     *
     * @param boshBound those of {@code bosh} that have logged in
     * @param tcpBound those of {@code tcp} that have
     */
    record OfClients(SessionLoad bosh, SessionLoad tcp, int boshBound, int tcpBound, ServerLoad c2s) {
        static OfClients of(Observed.Clients clients) {
            return new OfClients(
                    clients.bosh().load(),
                    clients.c2s().load(),
                    clients.backend().bound("bosh"),
                    clients.backend().bound("tcp"),
                    clients.c2s().serverLoad());
        }
    }

    static Snapshot of(Observed observed, DatabaseProbe.Answer database) {
        Observed.Clients clients = observed.clients();
        return new Snapshot(
                clients == null ? null : OfClients.of(clients),
                observed.http().load(),
                observed.pool().get(),
                observed.sweeps().get(),
                database);
    }

    /** Only asked by the meters of clients. */
    OfClients ofClients() {
        if (clients == null) {
            throw new IllegalStateException("this process has no clients");
        }
        return clients;
    }
}
