package org.channelgateway.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * The leases of a key on a real H2 file: created, revoked one by one and all together, swept and asked for at once. A row
 * is the lease and its account in one, so neither can be without the other; what has to hold is that each is revoked or
 * swept by one thread alone, and that all see the same.
 */
@Param(name = "lease", gen = IntGen.class, conf = "0:2")
public class LeasesStress {
    private static final ChannelKey KEY = ChannelKey.of("k");
    private static final AtomicReference<Instant> NOW = new AtomicReference<>(Instant.parse("2026-11-22T10:00:00Z"));
    private static final AtomicInteger APPS = new AtomicInteger();
    private static final Leases LEASES =
            Registry.open(new RegistryConfig(folder()), NOW::get).leases();

    private final String app = "app" + APPS.incrementAndGet();
    private final List<IssuedLease> issued;

    /** Two leases that live, and between them one that is over. */
    public LeasesStress() {
        later(Duration.ofHours(3)); // the leases of the instance before are over, and the clock stays before 2106
        while (!LEASES.sweep(1000).isEmpty()) {}
        IssuedLease over = LEASES.create(app, KEY, Duration.ofSeconds(1));
        later(Duration.ofMinutes(1));
        issued = List.of(newLease(), over, newLease());
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("leases");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void later(Duration time) {
        NOW.updateAndGet(now -> now.plus(time));
    }

    private IssuedLease newLease() {
        return LEASES.create(app, KEY, Duration.ofHours(2));
    }

    @Operation
    public void create() {
        newLease();
    }

    @Operation
    public String authenticate(@Param(name = "lease") int i) {
        return LEASES.authenticate(
                        issued.get(i).lease().account(), issued.get(i).token())
                .map(lease -> lease.isLive(LEASES.now()) ? "LIVE" : "EXPIRED")
                .orElse("GONE");
    }

    @Operation
    public boolean revoke(@Param(name = "lease") int i) {
        return LEASES.revoke(app, issued.get(i).token()).isPresent();
    }

    @Operation
    public int revokeAll() {
        return LEASES.revoke(app, KEY).size();
    }

    @Operation
    public int look() {
        return LEASES.look(app, KEY).map(KeySummary::leases).orElse(0);
    }

    @Operation
    public int sweep() {
        return (int) LEASES.sweep(1000).stream()
                .filter(lease -> lease.app().equals(app))
                .count();
    }

    @Test
    void leavesNoLeaseToTwoThreadsOrToNone() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(200)
                .threads(3)
                .actorsPerThread(2)
                .sequentialSpecification(LeasesModel.class)
                .check(LeasesStress.class);
    }
}
