package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.channelgateway.fixture.PostgresServer;
import org.channelgateway.it.ChannelApi.Created;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two daemons and two gateways over many leases with short lives, at an ejabberd and a PostgreSQL of their own. */
final class GcClusterIT {
    private static final int LEASES = 2000;
    /** Of so many in a row the first one outlives the test, and the next two are made again when they are over. */
    private static final int ROW = 20;

    private static final int OLD_PAGES = 60;
    private static final int LIVING_PAGES = 30;
    private static final int RENEWED_PAGES = 20;
    private static final String KILLED = "killed";
    private static final int SHORT_MINUTES = 5; // so that all of it is set up before the first one is over
    private static final int LONG_MINUTES = 12 * 60;
    private static final int THREADS = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern ONLINE = Pattern.compile("ch-[a-z0-9]+");
    private static final Pattern REMOVED = Pattern.compile("removed (\\d+) expired leases");

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private ClusterServers servers;
    private ClusterGateway gateway;

    /** A page and the channel that it is open on. */
    private record Listening(String key, Created channel, HeldPoll poll) {
        String account() {
            return WireClient.localpart(channel.jid());
        }
    }

    @BeforeEach
    void start() {
        servers = new ClusterServers(PostgresServer.shared());
        gateway = new ClusterGateway(FixtureSettings.withoutPages().with("CHANNEL_BOSH_WAIT", "300s"), servers);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        gateway.close();
        servers.close();
    }

    private static String key(int i) {
        return "lease/" + i;
    }

    private static boolean isLiving(int i) {
        return i % ROW == 0;
    }

    private static boolean isRenewed(int i) {
        return i % ROW == 1 || i % ROW == 2;
    }

    private Created create(int i, int minutes) {
        return gateway.api().create(key(i), minutes);
    }

    private Listening listen(int i, Created channel) throws IOException {
        return new Listening(key(i), channel, new HeldPoll(gateway.uri(), channel.token()));
    }

    /** Does something with each of these numbers, many at once. */
    private <T> List<T> all(IntStream numbers, Work<T> work) throws Exception {
        List<Callable<T>> tasks = new ArrayList<>();
        numbers.forEach(i -> tasks.add(() -> work.with(i)));
        List<T> done = new ArrayList<>();
        for (Future<T> one : threads.invokeAll(tasks)) {
            done.add(one.get());
        }
        return done;
    }

    private interface Work<T> {
        T with(int i) throws IOException;
    }

    private static GcProcess daemon(Path config) throws IOException {
        return new GcProcess("--every", "1", "--config", config.toString());
    }

    /** The settings of a daemon that the database can tell from the others. */
    private Path configOf(String role) throws IOException {
        servers.execute("CREATE ROLE " + role + " SUPERUSER LOGIN PASSWORD '" + PostgresServer.PASSWORD + "'");
        String settings = Files.readString(gateway.config());
        return Files.writeString(
                gateway.config().resolveSibling(role + ".yaml"),
                settings.replace("user: " + PostgresServer.USER, "user: " + role));
    }

    /** What the database does for a daemon. */
    private int connections(String role, String more) {
        return servers.rows("pg_stat_activity WHERE usename = '" + role + "'" + more);
    }

    /**
     * Holds the counts that each batch changes in the end, so that nobody's is committed, and kills the daemon while it waits for them:
     * what it has removed by then is as it was.
     */
    private void killInItsBatch(GcProcess daemon, String role, Runnable somethingIsOver) throws SQLException {
        try (Connection counts = servers.connection();
                Statement holding = counts.createStatement()) {
            counts.setAutoCommit(false);
            holding.execute("INSERT INTO lease_counts (app, gateway, leases) VALUES ('guestbook', 'gc', 0)"
                    + " ON CONFLICT (app, gateway) DO UPDATE SET leases = lease_counts.leases");
            holding.execute("SELECT * FROM lease_counts FOR UPDATE");
            somethingIsOver.run();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> connections(
                                    role, " AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO lease_counts%'")
                            == 1);
            daemon.kill();
            GcProcess.Ended unused = daemon.end();
            await().atMost(PATIENCE).until(() -> connections(role, "") == 0);
            assertThat(servers.rows("leases")).isEqualTo(LEASES);
            counts.commit();
        }
    }

    private static int removed(GcProcess daemon) {
        int all = 0;
        for (String line : daemon.said()) {
            Matcher removed = REMOVED.matcher(line);
            all += removed.find() ? Integer.parseInt(removed.group(1)) : 0;
        }
        return all;
    }

    /** The accounts of channels that ejabberd has a session of. */
    private Set<String> online() {
        Set<String> accounts = new TreeSet<>();
        Matcher found = ONLINE.matcher(servers.ejabberd().eval("ejabberd_sm:connected_users()"));
        while (found.find()) {
            accounts.add(found.group());
        }
        return accounts;
    }

    private void isOver(Created channel) throws Exception {
        HttpRequest connect = HttpRequest.newBuilder(gateway.uri().resolve("_ah/channel/connect"))
                .POST(BodyPublishers.ofString(channel.token()))
                .build();
        HttpResponse<String> answer = ChannelApi.send(ChannelApi.client(), connect);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("Token+timed+out.");
        try (SmackSubscriber atEjabberd = new SmackSubscriber(SmackSubscriber.Transport.TCP, gateway, channel)) {
            assertThatExceptionOfType(SASLErrorException.class).isThrownBy(atEjabberd::login);
        }
    }

    @Test
    void oneDaemonIsKilledInTheMiddleAndNothingOfWhatIsOverIsLeftAndNothingLiveIsHarmed() throws Exception {
        List<Created> made = all(
                IntStream.range(0, LEASES),
                i -> create(i, isLiving(i) ? LONG_MINUTES : SHORT_MINUTES + (isRenewed(i) ? 0 : i % 3)));
        List<Listening> old = all(IntStream.range(0, OLD_PAGES).map(n -> n * ROW + 1), i -> listen(i, made.get(i)));
        List<Listening> live = all(IntStream.range(0, LIVING_PAGES).map(n -> n * ROW), i -> listen(i, made.get(i)));
        Set<String> all = accounts(old);
        all.addAll(accounts(live));
        assertThat(online()).isEqualTo(all);
        assertThat(servers.rows("leases")).isEqualTo(LEASES);

        try (GcProcess killed = daemon(configOf(KILLED));
                GcProcess other = daemon(gateway.config())) {
            await().atMost(PATIENCE)
                    .until(() -> killed.said().contains("ready") && other.said().contains("ready"));
            killInItsBatch(killed, KILLED, () -> gateway.clock().advance(Duration.ofMinutes(SHORT_MINUTES)));
            List<Created> renewed =
                    all(IntStream.range(0, LEASES).filter(i -> isRenewed(i)), i -> create(i, LONG_MINUTES));
            live.addAll(all(
                    IntStream.range(0, RENEWED_PAGES),
                    n -> listen(n * ROW + 1, renewed.get(2 * n)))); // two of each row
            gateway.clock()
                    .advance(Duration.ofMinutes(3)); // the rest is over, and what the dead one claimed is another's

            int left = LEASES / ROW + renewed.size();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(servers.rows("leases")).isEqualTo(left);
                assertThat(servers.rows("sessions")).isEqualTo(live.size());
                assertThat(online()).isEqualTo(accounts(live));
            });
            assertThat(removed(other)).isPositive();
            assertThat(servers.rows("ejabberd.users")).isEqualTo(left + servers.rows("accounts"));
            assertThat(servers.ejabberd().eval("ejabberd_auth:count_users(<<\"localhost\">>)"))
                    .isEqualTo(Integer.toString(servers.rows("ejabberd.users")));
            assertThat(servers.rows("(SELECT app FROM lease_counts GROUP BY app HAVING SUM(leases) <>"
                            + " (SELECT COUNT(*) FROM leases WHERE leases.app = lease_counts.app)) AS wrong"))
                    .as("applications whose leases are counted wrong")
                    .isZero();
        }
        for (Listening page : old) {
            assertThat(page.poll.answer())
                    .contains("type='terminate'"); // by its gateway, or by a daemon that knew earlier
            page.poll.close();
        }
        for (int i : new int[] {1, 2, 3, 4, 5}) {
            isOver(made.get(i));
        }
        for (Listening page : live) {
            assertThat(gateway.api().send(page.key, "to " + page.key)).isEqualTo(1);
            assertThat(page.poll.answer()).contains("to " + page.key);
            page.poll.close();
        }
    }

    private static Set<String> accounts(List<Listening> pages) {
        return pages.stream().map(Listening::account).collect(Collectors.toCollection(TreeSet::new));
    }
}
