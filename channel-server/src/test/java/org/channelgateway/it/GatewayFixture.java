package org.channelgateway.it;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.channelgateway.server.Census;

/** A gateway that serves one app to the tests, and whose clock can be moved. */
interface GatewayFixture extends AutoCloseable {
    /**
     * Names the kind of gateway that the tests run against: {@code embedded}, also when it is not set; {@code nginx}, the same behind
     * nginx; or {@code cluster}, two of them with ejabberd and PostgreSQL behind nginx.
     */
    String KIND = "it.gateway";

    /** Starts a gateway on free ports and an empty data directory. */
    static GatewayFixture start(FixtureSettings settings) {
        String kind = System.getProperty(KIND, "embedded");
        return switch (kind) {
            case "embedded" -> new EmbeddedGateway(settings);
            case "nginx" -> new NginxFront(new EmbeddedGateway(settings));
            case "cluster" -> NginxFront.of(ClusterGateway.of(settings));
            default ->
                throw new IllegalArgumentException(KIND + ": " + kind + " (expected: embedded, nginx or cluster)");
        };
    }

    /** Where it serves HTTP; the same after a restart. */
    URI uri();

    /** The same behind what is in front of it: for clients that cannot be told to trust the certificate of that. */
    default URI behind() {
        return uri();
    }

    /** Each gateway of it, behind what is in front. */
    default List<URI> all() {
        return List.of(behind());
    }

    /** Where it serves XMPP over TCP; the same after a restart. */
    InetSocketAddress xmpp();

    /** The HTTP API in the name of the app. */
    ChannelApi api();

    /** The same in the name of another app. */
    ChannelApi neighbour();

    /** The clock that tokens are judged by. */
    MovableClock clock();

    /** The time of that clock. */
    default Instant now() {
        return clock().instant();
    }

    /** How many clients it has. */
    Census census();

    /** Where the gateway keeps its data. */
    Path data();

    /** How many rows a table of its registry has. */
    int rows(String table);

    /** Removes what has expired as the daemon does that sweeps from outside. */
    void sweep();

    /** Stops it the ordinary way; {@link #restart} brings it back. */
    void stop();

    /** Starts it again, stopping it first when it runs, on the same data and port. */
    void restart();

    /** Stops it and removes its data. */
    @Override
    void close();
}
