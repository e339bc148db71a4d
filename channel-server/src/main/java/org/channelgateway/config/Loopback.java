package org.channelgateway.config;

import java.util.Set;

/** Addresses that only this machine can reach. */
public final class Loopback {
    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "::1");

    private Loopback() {}

    public static boolean is(String host) {
        return HOSTS.contains(host);
    }
}
