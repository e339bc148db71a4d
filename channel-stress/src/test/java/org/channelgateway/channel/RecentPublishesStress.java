package org.channelgateway.channel;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Publishes repeated with their ids, from several threads at once, are answered as one after the other would be. */
@Param(name = "id", gen = IntGen.class, conf = "1:2")
public class RecentPublishesStress {
    private final RecentPublishes recent = new RecentPublishes(() -> 0L);
    private final AtomicInteger sent = new AtomicInteger();

    @Operation
    public String publish(@Param(name = "id") int id) {
        return publish(id, 7);
    }

    @Operation
    public String publishAnother(@Param(name = "id") int id) {
        return publish(id, 8);
    }

    private String publish(int id, long fingerprint) {
        try {
            return recent.once(
                            "app",
                            "id" + id,
                            fingerprint,
                            1,
                            () -> List.of(new Published(String.valueOf(sent.incrementAndGet()), 1)))
                    .get(0)
                    .id();
        } catch (RefusedException e) {
            return String.valueOf(e.kind());
        }
    }

    @Operation
    public void tick() {
        recent.tick();
    }

    @Test
    void answersEachIdAsTheFirstTime() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(400)
                .threads(3)
                .actorsPerThread(2)
                .check(RecentPublishesStress.class);
    }
}
