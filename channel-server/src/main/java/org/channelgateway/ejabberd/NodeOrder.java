package org.channelgateway.ejabberd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * In which order the nodes are asked for sessions: whichever comes first, but last those that did not answer, since one that hangs costs
 * whoever asks it seconds. Each of these is asked first by one of many now and then, and so found again. Thread-safe.
 */
final class NodeOrder {
    /** After so long a node that did not answer is tried. */
    static final Duration REST = Duration.ofSeconds(10);

    private final List<EjabberdConfig.Node> nodes;
    private final LongSupplier ticker;
    /** Since when those rest that did not answer. */
    private final Map<EjabberdConfig.Node, Long> resting = new ConcurrentHashMap<>();

    /** @param ticker nano time */
    NodeOrder(List<EjabberdConfig.Node> nodes, LongSupplier ticker) {
        this.nodes = List.copyOf(nodes);
        this.ticker = ticker;
    }

    /** All nodes, each once. */
    List<EjabberdConfig.Node> next() {
        List<EjabberdConfig.Node> order = new ArrayList<>(nodes.size());
        List<EjabberdConfig.Node> last = new ArrayList<>(0);
        boolean isOneTried = false;
        int first = ThreadLocalRandom.current().nextInt(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            EjabberdConfig.Node node = nodes.get((first + i) % nodes.size());
            Long since = resting.get(node);
            if (since == null) {
                order.add(node);
            } else if (!isOneTried && isTried(node, since)) {
                isOneTried = true;
                order.add(0, node);
            } else {
                last.add(node);
            }
        }
        order.addAll(last);
        return order;
    }

    /** Of all who find at the same time that it has rested long enough, one tries it, and for the others it goes on resting. */
    private boolean isTried(EjabberdConfig.Node node, long since) {
        long now = ticker.getAsLong();
        return now - since >= REST.toNanos() && resting.replace(node, since, now);
    }

    void answered(EjabberdConfig.Node node) {
        resting.remove(node);
    }

    void didNotAnswer(EjabberdConfig.Node node) {
        resting.put(node, ticker.getAsLong());
    }
}
