package org.channelgateway.channel;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.channelgateway.channel.RefusedException.Kind;

/** Answers a publish that is repeated with its id as it was answered the first time. Thread-safe. */
public interface PublishIds {
    /** How long an id is kept. */
    Duration KEPT = Duration.ofMinutes(2);
    /** Longest id that a publisher may choose. */
    int MAX_ID_LENGTH = 128;

    /**
     * Runs {@code publish} unless it was run under this id.
     *
     * @param fingerprint equal for equal publishes
     * @param receipts how many messages it sends
     */
    List<Published> once(String app, String id, long fingerprint, int receipts, Supplier<List<Published>> publish);

    /** Forgets what is old. To be called now and then; asks nobody. */
    void tick();

    /** @throws RefusedException when it is none */
    static void check(String id) {
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw new RefusedException(
                    Kind.INVALID, "id: " + id.length() + " characters (expected: 1.." + MAX_ID_LENGTH + ")");
        }
    }

    /** The refusal of an id that was used for something else. */
    static RefusedException isOfAnother(String id) {
        return new RefusedException(
                Kind.INVALID, "id: " + id + " (expected: not used before for another key or message)");
    }
}
