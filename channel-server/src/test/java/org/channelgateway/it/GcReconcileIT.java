package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.channelgateway.ejabberd.EjabberdSessions;
import org.channelgateway.fixture.PostgresServer;
import org.channelgateway.it.ChannelApi.Created;
import org.channelgateway.registry.AccountKind;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.IssuedLease;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.SessionName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jxmpp.jid.EntityFullJid;

/** {@code ./gateway gc --reconcile} at an ejabberd whose sessions the registry knows wrong; no gateway mends it meanwhile. */
final class GcReconcileIT {
    private static final String STRANGER = "usr-stranger";
    private static final String SECRET = "secret-of-the-stranger";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String FOUND = "sessions: %d noted, %d online; %d noted and gone, %d online and over,"
            + " %d online and not noted; %d strangers; %s";
    private static final String DRY = "nothing was changed (--apply does it)";

    @TempDir
    Path folder;

    private final List<SmackSubscriber> clients = new ArrayList<>();
    private ClusterServers servers;
    private Registry registry;

    @BeforeEach
    void start() {
        servers = new ClusterServers(PostgresServer.shared());
        registry = servers.registry();
        registry.accounts()
                .put(
                        EjabberdSessions.ADMIN,
                        AccountKind.ADMIN,
                        ClusterServers.ADMIN_SECRET,
                        registry.time().instant());
    }

    @AfterEach
    void stop() {
        clients.forEach(SmackSubscriber::close);
        registry.close();
        servers.close();
    }

    private IssuedLease lease() {
        return registry.leases().create("guestbook", ChannelKey.of("room"), Duration.ofHours(1));
    }

    private SmackSubscriber online(String localpart, String secret) throws Exception {
        SmackSubscriber client = new SmackSubscriber(
                SmackSubscriber.Transport.TCP,
                URI.create("http://unused"),
                servers.ejabberd().c2s(),
                new Created(secret, localpart + "@" + WireClient.DOMAIN));
        clients.add(client);
        return client.login();
    }

    private SmackSubscriber online(IssuedLease lease) throws Exception {
        return online(lease.lease().account(), lease.token().value());
    }

    /** The session of a client, noted as a gateway does it. */
    private void note(SmackSubscriber client) {
        EntityFullJid jid = client.connection().getUser();
        SessionName name = new SessionName(
                jid.getLocalpart().toString(), jid.getResourcepart().toString());
        assertThat(registry.sessions().open(name)).isPresent();
    }

    private static void says(Path config, String expected, String... more) {
        List<String> args = new ArrayList<>(List.of("--reconcile"));
        args.addAll(List.of(more));
        assertThat(GcProcess.run(config, args.toArray(String[]::new))).endsWith(expected);
    }

    @Test
    void listsWhatDoesNotAgreeAndMendsItWhenToldTo() throws Exception {
        Path config = Files.writeString(
                folder.resolve("gateway.yaml"), "apps: {guestbook: {secret: 0123456789abcdef}}\n" + servers.settings());
        SmackSubscriber live = online(lease());
        note(live);
        SmackSubscriber unnoted = online(lease());
        IssuedLease lost = lease();
        SmackSubscriber over = online(lost);
        registry.accounts()
                .put(STRANGER, AccountKind.USER, SECRET, registry.time().instant());
        SmackSubscriber stranger = online(STRANGER, SECRET);
        registry.accounts().remove(STRANGER);
        servers.execute("DELETE FROM leases WHERE account = '" + lost.lease().account() + "'");
        IssuedLease left = lease();
        assertThat(registry.sessions().open(new SessionName(left.lease().account(), "gone")))
                .isPresent();
        servers.execute("UPDATE sessions SET since = 0");

        says(config, FOUND.formatted(2, 5, 1, 1, 1, 1, DRY));
        assertThat(servers.rows("sessions")).isEqualTo(2);
        assertThat(over.isConnected()).isTrue();

        says(config, FOUND.formatted(2, 5, 1, 1, 1, 1, "mended"), "--apply");
        await().atMost(PATIENCE).until(() -> over.cut().isDone());
        assertThat(servers.rows("sessions")).isEqualTo(2);
        assertThat(servers.rows("sessions WHERE resource = 'gone'")).isZero();

        says(config, FOUND.formatted(2, 4, 0, 0, 0, 1, DRY));
        assertThat(live.isConnected()).isTrue();
        assertThat(unnoted.isConnected()).isTrue();
        assertThat(stranger.isConnected()).isTrue();
    }
}
