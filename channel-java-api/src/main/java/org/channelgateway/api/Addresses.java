package org.channelgateway.api;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses of the gateway, and where to begin. Thread-safe. */
final class Addresses {
    private static final Duration LEAST_SHARE = Duration.ofSeconds(1);

    /** Who knows the addresses of a name. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] allOf(String host) throws UnknownHostException;
    }

    private final String host;
    private final Resolver resolver;

    /** The one that was connected to last, or that comes after one that did not answer; null before that. */
    private volatile @Nullable InetAddress first;

    Addresses(String host, Resolver resolver) {
        this.host = host;
        this.resolver = resolver;
    }

    /** All that there are now, in the order in which to try them; at least one. */
    List<InetAddress> inOrder() throws UnknownHostException {
        List<InetAddress> all = new ArrayList<>(List.of(resolver.allOf(host)));
        Collections.rotate(all, -Math.max(0, all.indexOf(first)));
        return all;
    }

    /** The next time it comes first. */
    void beginWith(InetAddress address) {
        first = address;
    }

    /** The time that each of so many has, when all together have that much: a single one may take all of it. */
    static Duration share(Duration all, int addresses) {
        Duration share = all.dividedBy(addresses);
        return addresses == 1 || share.compareTo(LEAST_SHARE) > 0 ? share : LEAST_SHARE;
    }
}
