package org.channelgateway.ops;

import org.channelgateway.gc.Sweeper;
import org.channelgateway.registry.PoolState;
import org.channelgateway.stats.ServerLoad;
import org.channelgateway.stats.SessionLoad;

/** What is looked at once for all the meters of a scrape. */
record Snapshot(
        SessionLoad bosh,
        SessionLoad tcp,
        long boshUnbound,
        long tcpUnbound,
        ServerLoad http,
        ServerLoad c2s,
        PoolState pool,
        Sweeper.Totals sweeps,
        DatabaseProbe.Answer database) {

    static Snapshot of(Observed observed, DatabaseProbe.Answer database) {
        return new Snapshot(
                observed.bosh().load(),
                observed.c2s().load(),
                observed.backend().unbound("bosh"),
                observed.backend().unbound("tcp"),
                observed.http().load(),
                observed.c2s().serverLoad(),
                observed.pool().get(),
                observed.sweeps().get(),
                database);
    }
}
