package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many leases there may be of a key and of an application. */
final class LeaseLimitsTest {
    private static final int PER_KEY = 3;
    private static final int PER_APP = 10;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final ChannelKey KEY = ChannelKey.of("key");

    private final MovableClock clock = new MovableClock();

    @TempDir
    Path data;

    private Registry registry;
    private Leases leases;

    @BeforeEach
    void open() {
        registry = Registry.open(new RegistryConfig(data, new LeaseLimits(PER_KEY, PER_APP)), clock);
        leases = registry.leases();
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private void fillKey(String app) {
        for (int i = 0; i < PER_KEY; i++) {
            leases.create(app, KEY, HOUR);
        }
    }

    /** Each key has one. */
    private List<IssuedLease> fillApp(String app) {
        List<IssuedLease> all = new ArrayList<>();
        for (int i = 0; i < PER_APP; i++) {
            all.add(leases.create(app, ChannelKey.of("k" + i), HOUR));
        }
        return all;
    }

    private void assertKeyIsFull(String app) {
        assertThatThrownBy(() -> leases.create(app, KEY, HOUR))
                .isInstanceOf(TooManyLeasesException.class)
                .hasMessage("leases: 3 of this key already (expected: fewer)");
        assertThat(leases.look(app, KEY).orElseThrow().leases()).isEqualTo(PER_KEY);
    }

    private void assertAppIsFull(String app) {
        assertThatThrownBy(() -> leases.create(app, ChannelKey.of("another"), HOUR))
                .isInstanceOf(TooManyLeasesException.class)
                .hasMessage("leases: 10 of this app already (expected: fewer)");
    }

    @Test
    void refusesOneMoreOfAKeyAndTakesThoseOfOthers() {
        fillKey("a");
        assertKeyIsFull("a");
        assertKeyIsFull("a");
        leases.create("a", ChannelKey.of("other"), HOUR);
        leases.create("b", KEY, HOUR);
    }

    @Test
    void refusesOneMoreOfAnAppAndTakesThoseOfOthers() {
        fillApp("a");
        assertAppIsFull("a");
        assertAppIsFull("a");
        leases.create("b", KEY, HOUR);
    }

    @Test
    void refusesOnlyWhatIsTooMuchOfThoseThatComeTogether() {
        leases.create("a", KEY, HOUR);
        Leases.Wanted ofKey = new Leases.Wanted(KEY, HOUR);
        Leases.Wanted other = new Leases.Wanted(ChannelKey.of("other"), HOUR);

        List<Attempt<IssuedLease>> made = leases.create("a", List.of(ofKey, ofKey, ofKey, other));

        assertThat(made).extracting(Attempt::isMade).containsExactly(true, true, false, true);
        assertThatThrownBy(made.get(2)::get).hasMessage("leases: 3 of this key already (expected: fewer)");
        for (int i : List.of(0, 1, 3)) {
            IssuedLease issued = made.get(i).get();
            assertThat(leases.find(issued.token())).contains(issued.lease());
        }
        assertKeyIsFull("a");
        assertThat(leases.look("a", other.key()).orElseThrow().leases()).isEqualTo(1);
        assertThat(leases.create("a", List.of())).isEmpty();
    }

    @Test
    void countsOnAfterACloseAndReopen() {
        fillKey("a");
        fillApp("b");
        close();
        open();
        assertKeyIsFull("a");
        assertAppIsFull("b");
    }

    @Test
    void hasRoomAgainOnceLeasesAreOverSweptOrNot() {
        fillKey("a");
        fillApp("b");
        clock.advance(HOUR);
        for (int round = 0; round < 3; round++) {
            fillKey("a");
            assertKeyIsFull("a");
            fillApp("b");
            assertAppIsFull("b");
            clock.advance(HOUR);
            if (round == 1) {
                assertThat(leases.sweep(1000)).hasSize(3 * (PER_KEY + PER_APP));
            }
        }
    }

    @Test
    void hasRoomAgainForWhatIsRevoked() {
        fillKey("a");
        leases.revoke("a", KEY);
        fillKey("a");
        assertKeyIsFull("a");

        List<IssuedLease> all = fillApp("b");
        leases.revoke("b", all.get(0).token());
        leases.create("b", KEY, HOUR);
        assertAppIsFull("b");
    }

    @Test
    void countsAFullKeyOnceASecond() {
        fillKey("a");
        assertKeyIsFull("a");
        int unused = registry.database().with(session -> session.update("DELETE FROM leases")); // not told
        assertThatThrownBy(() -> leases.create("a", KEY, HOUR)).isInstanceOf(TooManyLeasesException.class);
        clock.advance(Duration.ofSeconds(1));
        leases.create("a", KEY, HOUR);
    }

    @Test
    void hasRoomAgainInTheMomentALeaseIsOverOrRevoked() {
        clock.advance(Duration.ofMillis(500));
        fillKey("a");
        assertKeyIsFull("a");
        clock.advance(HOUR.plusMillis(499));
        assertKeyIsFull("a");
        clock.advance(Duration.ofMillis(1));
        fillKey("a");
        assertKeyIsFull("a");

        leases.revoke("a", KEY);
        IssuedLease last = leases.create("a", KEY, HOUR);
        leases.create("a", KEY, HOUR);
        leases.create("a", KEY, HOUR);
        assertKeyIsFull("a");
        leases.revoke("a", last.token());
        leases.create("a", KEY, HOUR);
        assertKeyIsFull("a");
    }

    @Test
    void givesAnAppNoMoreThanItsBoundWhenManyAskAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Integer>> work = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                String prefix = "t" + thread + "-";
                work.add(() -> {
                    int made = 0;
                    for (int i = 0; i < 10; i++) {
                        try {
                            leases.create("a", ChannelKey.of(prefix + i), HOUR);
                            made++;
                        } catch (TooManyLeasesException e) {
                            // as expected
                        }
                    }
                    return made;
                });
            }
            int made = 0;
            for (Future<Integer> one : threads.invokeAll(work)) {
                made += one.get();
            }
            assertThat(made).isEqualTo(PER_APP);
        } finally {
            threads.shutdownNow();
        }
        assertAppIsFull("a");
    }

    @Test
    void looksAtALeaseOfAKeyByTheIndexOnKeys() {
        fillKey("a");
        String plan = registry.database()
                .with(session -> session.first(
                        "EXPLAIN " + JdbcLeases.LIVE_OF_KEY,
                        row -> row.getString(1),
                        "a",
                        KEY.bytes(),
                        clock.millis(),
                        3))
                .orElseThrow()
                .replaceAll("\\s+", " ");
        assertThat(plan).contains("PUBLIC.LEASES_BY_KEY: CHANNEL_KEY = ?2 AND EXPIRES > ?3 AND APP = ?1");
    }
}
