package org.channelgateway.gc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.channelgateway.fixture.PostgresServer;
import org.channelgateway.registry.CallbackLimits;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.DatabaseConfig;
import org.channelgateway.registry.IssuedLease;
import org.channelgateway.registry.LeaseLimits;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryConfig;
import org.channelgateway.registry.SessionName;
import org.channelgateway.registry.Sessions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sweepers of sessions on a real PostgreSQL. */
final class SharedSweepIT {
    private static final String APP = "app";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T10:00:00Z"));
    private final String url = PostgresServer.shared().newDatabase();
    private final ServerInMemory server = new ServerInMemory();
    private Registry registry;

    private Registry open() {
        DatabaseConfig database = new DatabaseConfig(url, PostgresServer.USER, PostgresServer.PASSWORD, 4, true);
        return Registry.open(
                new RegistryConfig(Path.of("unused"), database, LeaseLimits.NONE, CallbackLimits.NONE), now::get);
    }

    @BeforeEach
    void openRegistry() {
        registry = open();
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private IssuedLease lease(Duration lifetime) {
        return registry.leases().create(APP, ChannelKey.of("room"), lifetime);
    }

    /** A session that is online and noted. */
    private SessionName session(IssuedLease issued, String resource) {
        SessionName name = new SessionName(issued.lease().account(), resource);
        server.online.add(name);
        assertThat(registry.sessions().open(name)).isPresent();
        return name;
    }

    @Test
    void endsSessionsOfExpiredAndRevokedLeasesAndSparesOthers() {
        IssuedLease revoked = lease(Duration.ofHours(1));
        SessionName live = session(lease(Duration.ofHours(1)), "tab");
        session(revoked, "tab");
        session(lease(Duration.ofMinutes(1)), "tab");
        registry.leases().revoke(APP, revoked.token());
        now.updateAndGet(time -> time.plusSeconds(70));
        registry.leases().sweep(10);

        assertThat(new SessionSweeper(registry, server).sweep()).isEqualTo(2);

        assertThat(server.online).containsExactly(live);
        assertThat(registry.sessions().page(null, 10))
                .extracting(Sessions.Noted::name)
                .containsExactly(live);
    }

    @Test
    void tellsTheApplicationOnceThatASessionIsOver() {
        IssuedLease issued = lease(Duration.ofHours(1));
        SessionName name = session(issued, "tab");
        registry.presences().arrive(name.presence(), APP, issued.lease().key(), List.of());
        registry.leases().revoke(APP, issued.token());

        new SessionSweeper(registry, server).sweep();

        assertThat(registry.presences().count()).isZero();
        assertThat(registry.callbacks().claim(APP, 1, Duration.ofMinutes(1))).hasSize(1);
    }

    @Test
    void leavesWhatTheServerDidNotEndToARunAMinuteLater() {
        IssuedLease issued = lease(Duration.ofHours(1));
        session(issued, "tab");
        registry.leases().revoke(APP, issued.token());
        SessionSweeper sweeper = new SessionSweeper(registry, server);
        server.away = true;

        assertThatThrownBy(sweeper::sweep).hasMessage("the server is away");
        server.away = false;
        assertThat(sweeper.sweep()).isZero();
        now.updateAndGet(time -> time.plusSeconds(60));

        assertThat(sweeper.sweep()).isEqualTo(1);
        assertThat(server.online).isEmpty();
    }

    @Test
    void endsEachSessionOnceThoughSeveralProcessesSweep() {
        IssuedLease issued = lease(Duration.ofHours(1));
        for (int i = 0; i < 900; i++) {
            session(issued, "tab" + i);
        }
        registry.leases().revoke(APP, issued.token());
        List<CompletableFuture<Integer>> runs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            runs.add(CompletableFuture.supplyAsync(() -> {
                try (Registry own = open()) {
                    return new SessionSweeper(own, server).sweep();
                }
            }));
        }
        int ended = runs.stream().mapToInt(CompletableFuture::join).sum();
        ended += new SessionSweeper(registry, server).sweep();

        assertThat(ended).isEqualTo(900);
        assertThat(registry.sessions().count()).isZero();
        assertThat(server.online).isEmpty();
    }

    @Test
    void changesNothingUnlessToldTo() {
        SessionName gone = session(lease(Duration.ofHours(1)), "gone");
        server.online.remove(gone);
        server.online.add(new SessionName("ch-without-a-lease", "tab"));
        server.online.add(new SessionName(lease(Duration.ofHours(1)).lease().account(), "not-noted"));
        server.online.add(new SessionName("somebody", "home"));
        session(lease(Duration.ofHours(1)), "tab");
        Reconciliation reconciliation = new Reconciliation(registry, server);
        now.updateAndGet(time -> time.plusSeconds(61));

        assertThat(reconciliation.run(false)).isEqualTo(new Reconciliation.Report(2, 4, 1, 1, 1, 1, false));
        assertThat(reconciliation.run(true)).isEqualTo(new Reconciliation.Report(2, 4, 1, 1, 1, 1, true));
        assertThat(reconciliation.run(false)).isEqualTo(new Reconciliation.Report(2, 3, 0, 0, 0, 1, false));
    }

    /** It is noted before it is bound at the server. */
    @Test
    void sparesASessionThatIsAboutToComeOnline() {
        SessionName coming = session(lease(Duration.ofHours(1)), "coming");
        server.online.remove(coming);
        now.updateAndGet(time -> time.plusSeconds(14));

        assertThat(new Reconciliation(registry, server).run(true).gone()).isZero();
        assertThat(registry.sessions().count()).isEqualTo(1);
    }

    @Test
    void tellsTheApplicationOfASessionOfWhichNobodyHeard() {
        server.online.add(new SessionName(lease(Duration.ofHours(1)).lease().account(), "not-noted"));

        assertThat(new Reconciliation(registry, server, APP::equals).run(true).unnoted())
                .isEqualTo(1);
        assertThat(registry.callbacks().claim(APP, 10, Duration.ofMinutes(1))).hasSize(1);
    }
}
