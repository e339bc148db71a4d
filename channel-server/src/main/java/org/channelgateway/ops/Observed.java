package org.channelgateway.ops;

import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
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
 * @param remote null when this process has them
 * @param subscribed counts the sessions that receive the messages of a key; NaN when that is not known
 */
public record Observed(
        @Nullable Clients clients,
        @Nullable Remote remote,
        XmppBackend backend,
        DoubleSupplier subscribed,
        HttpServer http,
        Supplier<PoolState> pool,
        Supplier<Sweeper.Totals> sweeps,
        CallbackCounts callbacks,
        Traffic traffic,
        RefusalCounts refusals) {

    /** What has the clients of an embedded XMPP server. */
    public record Clients(BoshSessions bosh, C2sServer c2s, DevConnections dev, EmbeddedBackend backend) {}

    /**
     * What goes to and from an XMPP server outside.
     *
     * @param heldPolls requests that are passed on to it and have no answer
     * @param sessions of those
     * @param connections to it over HTTP
     * @param waitingBytes of messages that its stream has not taken
     * @param isAttached true while there is a stream
     */
    public record Remote(
            IntSupplier heldPolls,
            IntSupplier sessions,
            IntSupplier connections,
            LongSupplier waitingBytes,
            BooleanSupplier isAttached) {}
}
