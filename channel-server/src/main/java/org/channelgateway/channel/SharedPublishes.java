package org.channelgateway.channel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.channelgateway.registry.PublishReceipts;
import org.channelgateway.registry.PublishReceipts.Claim;
import org.channelgateway.registry.PublishReceipts.Known;
import org.channelgateway.registry.PublishReceipts.Mine;
import org.channelgateway.registry.RegistryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the ids in the registry, for all gateways that share it: a repeat may come to any of them. Thread-safe. */
final class SharedPublishes implements PublishIds {
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int LOOKS = 250;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int FORGET_ONE_IN = 500;
    private static final Duration DROPPER_IDLE = Duration.ofSeconds(10);
    private static final int MOST_TO_DROP = 1000;
    private static final char BETWEEN = ' ';

    private static final Logger LOG = LoggerFactory.getLogger(SharedPublishes.class);

    private final PublishReceipts receipts;
    /** Drops claims of publishes that the database failed: one at a time, and not all when it fails for long. */
    private final Executor dropping = new ThreadPoolExecutor(
            0,
            1,
            DROPPER_IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(MOST_TO_DROP),
            SharedPublishes::daemon,
            new ThreadPoolExecutor.DiscardPolicy());

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "publish-ids");
        thread.setDaemon(true);
        return thread;
    }

    SharedPublishes(PublishReceipts receipts) {
        this.receipts = receipts;
    }

    @Override
    public List<Published> once(
            String app, String id, long fingerprint, int messages, Supplier<List<Published>> publish) {
        PublishIds.check(id);
        if (ThreadLocalRandom.current().nextInt(FORGET_ONE_IN) == 0) {
            receipts.forgetOld();
        }
        for (int look = 0; look < LOOKS; look++) {
            Claim claim = receipts.claim(app, id, fingerprint);
            if (claim instanceof Mine mine) {
                return run(app, id, mine, publish);
            }
            Optional<List<Published>> before = before((Known) claim, id, fingerprint);
            if (before.isPresent()) {
                return before.get();
            }
            pause();
        }
        throw RefusedException.unreachable(
                "id: the first publish with it is still under way (expected: again soon)", SOON);
    }

    /** Empty while it is under way. */
    private static Optional<List<Published>> before(Known known, String id, long fingerprint) {
        if (known.fingerprint() != fingerprint) {
            throw PublishIds.isOfAnother(id);
        }
        return Optional.ofNullable(known.receipts()).map(SharedPublishes::read);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RefusedException.unreachable("id: the gateway stops (expected: again soon)", SOON);
        }
    }

    private List<Published> run(String app, String id, Mine mine, Supplier<List<Published>> publish) {
        List<Published> published;
        try {
            published = publish.get();
        } catch (RegistryException e) { // whoever waits has waited for the database already
            dropping.execute(() -> drop(app, id, mine));
            throw e;
        } catch (RuntimeException | Error e) {
            drop(app, id, mine);
            throw e;
        }
        try {
            receipts.done(app, id, mine, write(published));
        } catch (RegistryException e) { // it is published: who is told otherwise publishes it again
            LOG.warn("a publish is done, but a repeat with its id will not be known: {}", e.getMessage());
        }
        return published;
    }

    /** What is not dropped lapses in some seconds: until then repeats are told that it is under way. */
    private void drop(String app, String id, Mine mine) {
        try {
            receipts.drop(app, id, mine);
        } catch (RegistryException e) {
            LOG.debug("the id of a publish that failed is taken for a while: {}", e.getMessage());
        }
    }

    private static String write(List<Published> published) {
        StringBuilder text = new StringBuilder();
        for (Published one : published) {
            text.append(one.id()).append(BETWEEN).append(one.receivers()).append(BETWEEN);
        }
        return text.toString();
    }

    private static List<Published> read(String text) {
        List<Published> published = new ArrayList<>();
        String[] parts = text.split(String.valueOf(BETWEEN), -1);
        for (int i = 0; i + 1 < parts.length; i += 2) {
            published.add(new Published(parts[i], Integer.parseInt(parts[i + 1])));
        }
        return published;
    }

    /** What is old is removed by those who publish. */
    @Override
    public void tick() {}
}
