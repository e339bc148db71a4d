package org.channelgateway.http;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.channelgateway.limit.HeapRoom;
import org.channelgateway.stats.RefusalCounts;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;

/** The gateway's HTTP without a socket, for tests of other packages. */
public final class Routers {
    private static final int HEADER_BYTES = 2048;

    private Routers() {}

    /** A connector to a server that is not started yet. */
    public static LocalConnector connector(Route... routes) {
        return connector(new RefusalCounts(), routes);
    }

    /** The same, whose refusals the test looks at. */
    static LocalConnector connector(RefusalCounts refusals, Route... routes) {
        return connector(refusals, HeapRoom.part(16), HeapRoom.part(8), routes);
    }

    /** The same, with so much room for bodies. */
    static LocalConnector connector(
            RefusalCounts refusals, HeapRoom ofPages, HeapRoom ofApplications, Route... routes) {
        Server server = new Server();
        HttpConfiguration http = HttpServer.http(new HttpConfig("127.0.0.1", 0, Duration.ofSeconds(30), HEADER_BYTES));
        http.setSendDateHeader(false);
        LocalConnector connector = new LocalConnector(server, new HttpConnectionFactory(http));
        server.addConnector(connector);
        server.setHandler(new Router(
                List.of(routes), new Origins(Set.of("https://app.example")), null, refusals, ofPages, ofApplications));
        server.setErrorHandler(new ProblemErrorHandler(refusals));
        return connector;
    }

    /** How many connections a server has. */
    public static int connections(HttpServer server) {
        return endPoints(server).size();
    }

    /** True when the server waits for bytes on one of its connections. */
    public static boolean waitsForBytes(HttpServer server) {
        return endPoints(server).stream()
                .anyMatch(endPoint ->
                        ((AbstractEndPoint) endPoint).getFillInterest().isInterested());
    }

    /** True when bytes of a next request were read on one of its connections. */
    public static boolean hasReadAhead(HttpServer server) {
        return endPoints(server).stream()
                .anyMatch(endPoint -> endPoint.getConnection() instanceof HttpConnection connection
                        && !connection.isRequestBufferEmpty());
    }

    /** True when a part of a request has come on one of its connections. */
    static boolean hasBegunRequest(HttpServer server) {
        return endPoints(server).stream().anyMatch(endPoint -> ((ClientEndPoint) endPoint).isInRequest());
    }

    /** True when one of its clients does not read fast enough. */
    static boolean isWriting(HttpServer server) {
        return endPoints(server).stream()
                .anyMatch(endPoint ->
                        ((AbstractEndPoint) endPoint).getWriteFlusher().isPending());
    }

    private static Collection<EndPoint> endPoints(HttpServer server) {
        try {
            Field connector = HttpServer.class.getDeclaredField("connector");
            connector.setAccessible(true);
            return ((ServerConnector) connector.get(server)).getConnectedEndPoints();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
