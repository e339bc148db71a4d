package org.channelgateway.registry;

import org.jspecify.annotations.Nullable;

/**
 * What became of publishes with an id, for two minutes, for all gateways that share the registry. What fails for reasons outside is a
 * {@link RegistryException}. Thread-safe.
 */
public interface PublishReceipts {
    /** What a claim found. */
    sealed interface Claim {}

    /**
     * The id is the caller's now; {@link #done} or {@link #drop} is due.
     *
     * @param number of this claim, which no other one has
     */
    record Mine(long number) implements Claim {}

    /**
     * It was claimed before.
     *
     * @param fingerprint of what was published
     * @param receipts what {@link #done} was told; null while it is under way
     */
    record Known(long fingerprint, @Nullable String receipts) implements Claim {}

    /** Claims an id. One whose publish is under way for so long that its gateway must be gone is claimed again. */
    Claim claim(String app, String id, long fingerprint);

    /** It was published; nothing is noted when another one has claimed the id meanwhile. */
    void done(String app, String id, Mine claim, String receipts);

    /** It was not published; nothing happens when another one has claimed the id meanwhile. */
    void drop(String app, String id, Mine claim);

    /** Removes a few that are too old to be asked for. To be called now and then. */
    void forgetOld();
}
