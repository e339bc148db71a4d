package org.channelgateway.registry;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of publishes with an id, for two minutes, for all gateways that share the registry. What fails for reasons outside is a
 * {@link RegistryException}. Thread-safe.
 */
public interface PublishReceipts {
    /**
     * One that was claimed before.
     *
     * @param fingerprint of what was published
     * @param receipts what {@link #done} was told; null while it is under way
     */
    record Known(long fingerprint, @Nullable String receipts) {}

    /**
     * Claims an id. One whose publish is under way for so long that its gateway must be gone is claimed again.
     *
     * @return empty when it is the caller's now; {@link #done} or {@link #drop} is due
     */
    Optional<Known> claim(String app, String id, long fingerprint);

    void done(String app, String id, String receipts);

    /** It was not published. */
    void drop(String app, String id);

    /** Removes a few that are too old to be asked for. To be called now and then. */
    void forgetOld();
}
