package org.channelgateway.server;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.channelgateway.channel.Audience;
import org.channelgateway.channel.XmppBackend;
import org.channelgateway.config.ConfigException;
import org.channelgateway.http.Route;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.Pacer;
import org.channelgateway.ops.Observed;
import org.jspecify.annotations.Nullable;

/** The XMPP server behind the gateway with all that goes with it: the embedded one, or ejabberd. */
interface XmppSide extends AutoCloseable {
    /** What of it is there before the service is. */
    interface Draft {
        /** Gets what is published. */
        Audience audience();

        /** @throws ConfigException when it cannot be with these settings; nothing is left running */
        XmppSide finish(Core.Service service) throws ConfigException;
    }

    XmppBackend backend();

    /**
     * Where browsers poll, and what else is served over HTTP because of this server.
     *
     * @param pacers makes one for each door
     */
    List<Route> routes(Core.Service service, Supplier<Pacer> pacers);

    void keepTime(Timer timer);

    /**
     * Before anybody is served.
     *
     * @throws ConfigException when nobody may be; nothing is left running
     */
    void check() throws ConfigException;

    /** Lets clients come. */
    void start();

    /** Where clients connect over TCP. */
    InetSocketAddress address();

    /** Takes no new clients; returns what ends each of those that are there. */
    List<Runnable> stop();

    /** All of them have ended. */
    void ended();

    Census census();

    /** How many sessions listen; NaN when that is not known. */
    DoubleSupplier subscribed();

    /** The clients that this process has; null when it has none. */
    Observed.@Nullable Clients clients();

    /** What goes to and from an XMPP server outside; null when there is none. */
    Observed.@Nullable Remote remote();

    /** Those of them for whom bytes may wait. */
    List<Backlog.Reader> readers();

    /** Answers the requests that are held; the others under way are done meanwhile. */
    void release();

    /** When nothing is under way any more. */
    @Override
    void close();
}
