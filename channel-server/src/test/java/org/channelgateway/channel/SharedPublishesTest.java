package org.channelgateway.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.channelgateway.registry.PublishReceipts;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryConfig;
import org.channelgateway.registry.RegistryException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publishes with an id whose database fails. */
final class SharedPublishesTest {
    private final Receipts receipts = new Receipts();
    private final PublishIds ids = new SharedPublishes(receipts);

    @TempDir
    Path data;

    private RegistryException failure;

    /** What a database that is closed throws. */
    @BeforeEach
    void fail() {
        Registry registry = Registry.open(new RegistryConfig(data), InstantSource.system());
        registry.close();
        failure = catchThrowableOfType(
                RegistryException.class, () -> registry.leases().live());
        assertThat(failure).isNotNull();
    }

    private List<Published> publish(RuntimeException thrown) {
        return ids.once("app", "id", 7, 1, () -> {
            throw thrown;
        });
    }

    @Test
    void saysWhyAPublishFailedAlsoWhenItsIdCannotBeDropped() {
        receipts.droppingFails = failure;
        IllegalStateException why = new IllegalStateException("why");

        assertThatThrownBy(() -> publish(why)).isSameAs(why);
        assertThat(receipts.dropped).hasSize(1);
    }

    @Test
    void dropsTheIdOfAPublishThatTheDatabaseFailedWithoutWaitingForIt() throws Exception {
        assertThatThrownBy(() -> publish(failure)).isSameAs(failure);
        Thread dropper = receipts.dropped.poll(1, TimeUnit.MINUTES);
        assertThat(dropper).isNotNull().isNotSameAs(Thread.currentThread());
    }

    @Test
    void answersWhatIsPublishedWhateverTheDatabaseSaysOfItsReceipt() {
        receipts.doneFails = failure;
        List<Published> published = List.of(new Published("m1", 3));

        assertThat(ids.once("app", "id", 7, 1, () -> published)).isEqualTo(published);
        assertThat(receipts.dropped).isEmpty();
    }

    /** Everybody gets what is claimed. */
    private static final class Receipts implements PublishReceipts {
        private final BlockingQueue<Thread> dropped = new LinkedBlockingQueue<>();
        private @Nullable RuntimeException droppingFails;
        private @Nullable RuntimeException doneFails;

        @Override
        public Claim claim(String app, String id, long fingerprint) {
            return new Mine(1);
        }

        @Override
        public void done(String app, String id, Mine claim, String receipts) {
            if (doneFails != null) {
                throw doneFails;
            }
        }

        @Override
        public void drop(String app, String id, Mine claim) {
            dropped.add(Thread.currentThread());
            if (droppingFails != null) {
                throw droppingFails;
            }
        }

        @Override
        public void forgetOld() {}
    }
}
