package org.channelgateway.ops;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.channelgateway.bosh.BoshSessions;
import org.channelgateway.c2s.C2sServer;
import org.channelgateway.callback.CallbackCounts;
import org.channelgateway.channel.XmppBackend;
import org.channelgateway.dev.DevConnections;
import org.channelgateway.embedded.EmbeddedBackend;
import org.channelgateway.gc.Sweeper;
import org.channelgateway.http.HttpServer;
import org.channelgateway.registry.PoolState;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.Traffic;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a gateway that the metrics are read from.
 *
 * @param clients null when another process has them
 * @param subscribed counts the sessions that receive the messages of a key
 */
public record Observed(
        @Nullable Clients clients,
        XmppBackend backend,
        LongSupplier subscribed,
        HttpServer http,
        Supplier<PoolState> pool,
        Supplier<Sweeper.Totals> sweeps,
        CallbackCounts callbacks,
        Traffic traffic,
        RefusalCounts refusals) {

    /** What has the clients of an embedded XMPP server. */
    public record Clients(BoshSessions bosh, C2sServer c2s, DevConnections dev, EmbeddedBackend backend) {}
}
