package org.channelgateway.channel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.channelgateway.registry.PublishReceipts;
import org.channelgateway.registry.RegistryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the ids in the registry, for all gateways that share it: a repeat may come to any of them. Thread-safe. */
final class SharedPublishes implements PublishIds {
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int LOOKS = 250;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int FORGET_ONE_IN = 500;
    private static final char BETWEEN = ' ';

    private static final Logger LOG = LoggerFactory.getLogger(SharedPublishes.class);

    private final PublishReceipts receipts;

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
            Optional<PublishReceipts.Known> known = receipts.claim(app, id, fingerprint);
            if (known.isEmpty()) {
                return run(app, id, publish);
            }
            if (known.get().fingerprint() != fingerprint) {
                throw PublishIds.isOfAnother(id);
            }
            String written = known.get().receipts();
            if (written != null) {
                return read(written);
            }
            pause();
        }
        throw RefusedException.unreachable(
                "id: the first publish with it is still under way (expected: again soon)", SOON);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RefusedException.unreachable("id: the gateway stops (expected: again soon)", SOON);
        }
    }

    private List<Published> run(String app, String id, Supplier<List<Published>> publish) {
        List<Published> published = null;
        try {
            published = publish.get();
        } finally {
            if (published == null) {
                receipts.drop(app, id);
            }
        }
        try {
            receipts.done(app, id, write(published));
        } catch (RegistryException e) { // it is published: who is told otherwise publishes it again
            LOG.warn("a publish is done, but a repeat with its id will not be known: {}", e.getMessage());
        }
        return published;
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
