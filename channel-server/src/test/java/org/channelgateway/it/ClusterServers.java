package org.channelgateway.it;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.channelgateway.cluster.EjabberdConfig;
import org.channelgateway.cluster.EjabberdProcess;
import org.channelgateway.fixture.PostgresServer;
import org.channelgateway.registry.CallbackLimits;
import org.channelgateway.registry.DatabaseConfig;
import org.channelgateway.registry.LeaseLimits;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryConfig;

/** The PostgreSQL and the ejabberd of a cluster, both real; an ejabberd reads its accounts from the database of the gateways. */
final class ClusterServers implements AutoCloseable {
    /** A setting of gateways that have their own clients over TCP. */
    static final String CERTIFICATE = "CHANNEL_XMPP_TLS_CERTIFICATE";

    static final String ADMIN_SECRET = "secret-of-the-admin";
    private static final String ROLE_PASSWORD = "password-of-ejabberd";
    private static final AtomicInteger ROLES = new AtomicInteger();

    private final PostgresServer postgres;
    private final String url;
    private final String database;
    private final DatabaseTime time;
    private final EjabberdProcess ejabberd;

    ClusterServers(PostgresServer postgres) {
        this(postgres, EjabberdProcess::new);
    }

    /** An ejabberd with the domain and the certificate that the settings of a gateway name, whose clients must use TLS. */
    static ClusterServers encrypted(Map<String, String> settings) {
        String domain = settings.getOrDefault("CHANNEL_XMPP_DOMAIN", "localhost");
        Path certificate = Path.of(Objects.requireNonNull(settings.get(CERTIFICATE)));
        Path key = Path.of(Objects.requireNonNull(settings.get("CHANNEL_XMPP_TLS_KEY")));
        return new ClusterServers(
                PostgresServer.shared(),
                config -> new EjabberdProcess(
                        config.with(Map.of("DOMAIN", domain)).requiringTls(certificate, key)));
    }

    /** @param start starts the ejabberd */
    ClusterServers(PostgresServer postgres, Function<EjabberdConfig, EjabberdProcess> start) {
        this.postgres = postgres;
        this.url = postgres.newDatabase();
        this.database = url.substring(url.lastIndexOf('/') + 1);
        this.time = new DatabaseTime(postgres, database);
        registry().close(); // its tables are there from now on
        String role = "ejabberd" + ROLES.incrementAndGet();
        postgres.execute(
                database,
                "CREATE ROLE " + role + " LOGIN PASSWORD '" + ROLE_PASSWORD + "'; GRANT USAGE ON SCHEMA ejabberd TO "
                        + role
                        + "; GRANT SELECT ON ALL TABLES IN SCHEMA ejabberd TO " + role + "; ALTER ROLE " + role
                        + " SET search_path = ejabberd");
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), postgres.port());
        this.ejabberd = start.apply(EjabberdConfig.internal().withAccountsIn(server, database, role, ROLE_PASSWORD));
    }

    /** The registry of the gateways, as one more of them opens it. */
    Registry registry() {
        DatabaseConfig config = new DatabaseConfig(url, PostgresServer.USER, PostgresServer.PASSWORD, 2, true);
        return Registry.openShared(
                new RegistryConfig(Path.of("unused"), config, LeaseLimits.NONE, CallbackLimits.NONE));
    }

    /** Runs a statement in its database. */
    void execute(String sql) {
        postgres.execute(database, sql);
    }

    /** A connection of the test's own to its database. */
    Connection connection() throws SQLException {
        return DriverManager.getConnection(url, PostgresServer.USER, PostgresServer.PASSWORD);
    }

    PostgresServer postgres() {
        return postgres;
    }

    /** The clock of everything. */
    DatabaseTime time() {
        return time;
    }

    /** The rows of a table, or of a view, in the database. */
    int rows(String table) {
        return postgres.count(database, table);
    }

    EjabberdProcess ejabberd() {
        return ejabberd;
    }

    /** Starts it again, and returns when all of it has started: it listens sooner than it answers. */
    void startEjabberd() {
        ejabberd.start();
        String answer = ejabberd.eval("lists:keymember(ejabberd, 1, application:which_applications())");
        if (!answer.equals("true")) {
            throw new AssertionError("ejabberd: not started (expected: started)");
        }
    }

    /** What the settings of a gateway say of them; the nodes of ejabberd are the last of it. */
    String settings() {
        return """
                backend: ejabberd
                database: {url: "%s", user: %s, password: %s}
                ejabberd:
                  componentSecret: "%s"
                  adminSecret: "%s"
                  nodes:
                """.formatted(
                        url, PostgresServer.USER, PostgresServer.PASSWORD, ejabberd.componentSecret(), ADMIN_SECRET)
                + node("one", ejabberd);
    }

    /** The line for one of the nodes. */
    static String node(String name, EjabberdProcess ejabberd) {
        return "    %s: {bosh: \"%s\", component: \"%s\", c2s: \"%s\"}%n"
                .formatted(name, ejabberd.bosh(), text(ejabberd.component()), text(ejabberd.insideC2s()));
    }

    private static String text(InetSocketAddress address) {
        return "127.0.0.1:" + address.getPort();
    }

    @Override
    public void close() {
        ejabberd.close();
    }
}
