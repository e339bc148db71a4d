package org.channelgateway.it;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.channelgateway.gc.Sweeper;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryConfig;
import org.channelgateway.server.Census;
import org.channelgateway.server.Gateway;
import org.jspecify.annotations.Nullable;

/** A gateway with everything embedded, in the JVM of the test. */
final class EmbeddedGateway implements GatewayFixture {
    private static final String NAME = "data";

    private final StandingClock clock = new StandingClock();
    private final GatewayFolder folder;
    private final URI uri;
    private final InetSocketAddress xmpp;
    private final ChannelApi api;
    private final ChannelApi neighbour;
    private @Nullable Gateway running;

    EmbeddedGateway(FixtureSettings settings) {
        folder = new GatewayFolder(settings, "");
        Gateway started = folder.start(NAME, 0, 0, clock);
        running = started;
        uri = started.uri();
        xmpp = started.xmpp();
        api = folder.api(started, NAME);
        neighbour = folder.neighbour(started);
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public InetSocketAddress xmpp() {
        return xmpp;
    }

    @Override
    public ChannelApi api() {
        return api;
    }

    @Override
    public ChannelApi neighbour() {
        return neighbour;
    }

    @Override
    public MovableClock clock() {
        return clock;
    }

    @Override
    public Census census() {
        return running == null ? Census.NOBODY : running.census();
    }

    @Override
    public Path data() {
        return folder.data(NAME);
    }

    @Override
    public int rows(String table) {
        String url = "jdbc:h2:file:" + data().resolve("registry") + ";IFEXISTS=TRUE";
        try (Connection connection = DriverManager.getConnection(url, "sa", "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void sweep() {
        try (Registry registry = Registry.open(new RegistryConfig(data()), clock)) {
            int unused = new Sweeper(registry.leases(), 500, 200, removed -> {}).sweep();
        }
    }

    @Override
    public void stop() {
        if (running != null) {
            running.close();
            running = null;
        }
    }

    @Override
    public void restart() {
        stop();
        running = folder.start(NAME, uri.getPort(), xmpp.getPort(), clock);
    }

    @Override
    public void close() {
        stop();
        folder.close();
    }
}
