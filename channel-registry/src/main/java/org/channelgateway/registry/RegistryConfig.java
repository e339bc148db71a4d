package org.channelgateway.registry;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the registry is kept.
 *
 * @param data directory of the H2 file, made for its owner only if it is not there
 * @param database where it is instead; null for the file
 * @param limits how many leases there may be
 * @param callbacks how many callbacks there may be
 */
public record RegistryConfig(
        Path data, @Nullable DatabaseConfig database, LeaseLimits limits, CallbackLimits callbacks) {
    public RegistryConfig {
        if (data.toString().indexOf(';') >= 0) { // where the options of H2's URL begin
            throw new IllegalArgumentException("data: " + data + " (expected: a path without ';')");
        }
    }

    /** In a file. */
    public RegistryConfig(Path data, LeaseLimits limits, CallbackLimits callbacks) {
        this(data, null, limits, callbacks);
    }

    /** Without bounds on callbacks. */
    public RegistryConfig(Path data, LeaseLimits limits) {
        this(data, limits, CallbackLimits.NONE);
    }

    /** Without bounds on leases. */
    public RegistryConfig(Path data) {
        this(data, LeaseLimits.NONE);
    }
}
