package org.channelgateway.ops;

import java.util.function.Supplier;
import org.channelgateway.bosh.BoshSessions;
import org.channelgateway.c2s.C2sServer;
import org.channelgateway.callback.CallbackCounts;
import org.channelgateway.channel.Subscribers;
import org.channelgateway.dev.DevConnections;
import org.channelgateway.embedded.EmbeddedBackend;
import org.channelgateway.gc.Sweeper;
import org.channelgateway.http.HttpServer;
import org.channelgateway.registry.PoolState;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.Traffic;

/** The parts of a gateway that the metrics are read from. */
public record Observed(
        BoshSessions bosh,
        C2sServer c2s,
        DevConnections dev,
        EmbeddedBackend backend,
        Subscribers subscribers,
        HttpServer http,
        Supplier<PoolState> pool,
        Supplier<Sweeper.Totals> sweeps,
        CallbackCounts callbacks,
        Traffic traffic,
        RefusalCounts refusals) {}
