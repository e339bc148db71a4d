package org.channelgateway.registry.xmpp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Who administers which server. Immutable.
 *
 * @param domain the XMPP domain
 * @param localpart of the account that may administer it
 * @param secret its password, of visible ASCII characters
 * @param nodes where clients connect over TCP; at least one, and each may be asked for the whole domain
 * @param tls whether STARTTLS is required; otherwise it is not used
 * @param trust whom TLS trusts; null for whom the JVM trusts
 * @param timeout longest wait for one answer
 * @param maxWaiting most requests that wait for their turn, positive
 */
public record AdministrationConfig(
        String domain,
        String localpart,
        String secret,
        List<InetSocketAddress> nodes,
        boolean tls,
        @Nullable X509TrustManager trust,
        Duration timeout,
        int maxWaiting) {
    public AdministrationConfig {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("nodes: none (expected: at least one)");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: > 0)");
        }
        if (maxWaiting < 1) {
            throw new IllegalArgumentException("maxWaiting: " + maxWaiting + " (expected: >= 1)");
        }
    }

    /** Without TLS, with 10 s for an answer and 100 that may wait. */
    public static AdministrationConfig of(
            String domain, String localpart, String secret, List<InetSocketAddress> nodes) {
        return new AdministrationConfig(domain, localpart, secret, nodes, false, null, Duration.ofSeconds(10), 100);
    }

    @Override
    public String toString() {
        return localpart + "@" + domain + " at " + nodes; // not the secret
    }
}
