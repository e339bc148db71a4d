package org.channelgateway.registry;

import java.nio.file.Path;

/**
 * Where the registry is kept.
 *
 * @param data directory of the H2 file, made for its owner only if it is not there
 */
public record RegistryConfig(Path data) {
    public RegistryConfig {
        if (data.toString().indexOf(';') >= 0) { // where the options of H2's URL begin
            throw new IllegalArgumentException("data: " + data + " (expected: a path without ';')");
        }
    }
}
