package org.channelgateway.ejabberd;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

/**
 * Where ejabberd is.
 *
 * @param nodes at least one; a gateway attaches to any of them
 * @param componentSecret with which the channel service attaches (XEP-0114)
 * @param adminSecret the password of the gateways' own account there
 * @param maxQueuedBytes most that waits for the component stream
 */
public record EjabberdConfig(List<Node> nodes, String componentSecret, String adminSecret, int maxQueuedBytes) {
    public EjabberdConfig {
        nodes = List.copyOf(nodes);
    }

    /**
     * One of its nodes.
     *
     * @param name stands in the paths that pages poll: letters, digits and {@code -}
     * @param bosh the URL of its mod_bosh
     * @param component where components attach
     * @param c2s where clients connect over TCP
     */
    public record Node(String name, URI bosh, InetSocketAddress component, InetSocketAddress c2s) {}

    @Override
    public String toString() {
        return "EjabberdConfig" + nodes; // not the secrets
    }
}
