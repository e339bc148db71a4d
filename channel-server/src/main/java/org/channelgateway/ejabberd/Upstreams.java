package org.channelgateway.ejabberd;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.channelgateway.http.PromptThread;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** The nodes of ejabberd, by their names. Thread-safe. */
public final class Upstreams implements AutoCloseable {
    private static final Duration CONNECT_TIME = Duration.ofSeconds(3);
    /** How much longer than a poll is held nothing may come. */
    private static final Duration SLACK = Duration.ofSeconds(30);
    /** Longest answer: {@code max_concat} of mod_bosh messages of 32 KB are less, of which each byte is escaped. */
    private static final int MAX_ANSWER_BYTES = 8 << 20;

    private static final int THREADS = 16;

    private final ClientConnector connector = new ClientConnector();
    private final Map<String, UpstreamNode> nodes = new LinkedHashMap<>();
    private final UpstreamNode first;

    private final Duration longestHold;

    /** @param waitTime longest time a poll is held */
    public Upstreams(EjabberdConfig config, Duration waitTime) {
        QueuedThreadPool threads = new PromptThreads();
        threads.setName("upstream");
        threads.setDaemon(true);
        connector.setExecutor(threads);
        connector.setSelectors(1);
        connector.setConnectTimeout(CONNECT_TIME);
        connector.setIdleTimeout(waitTime.plus(SLACK));
        this.longestHold = waitTime.plus(SLACK).plus(CONNECT_TIME);
        connector.setTCPNoDelay(true);
        for (EjabberdConfig.Node node : config.nodes()) {
            nodes.put(node.name(), new UpstreamNode(node.bosh(), connector, MAX_ANSWER_BYTES));
        }
        List<UpstreamNode> ring = List.copyOf(nodes.values());
        for (int i = 0; i < ring.size(); i++) {
            ring.get(i).next(ring.get((i + 1) % ring.size()), ring.size() - 1);
        }
        this.first = ring.get(0);
        LifeCycle.start(connector);
    }

    /** Null when there is none of that name. */
    @Nullable
    UpstreamNode find(String name) {
        return nodes.get(name);
    }

    /** After so long a request has an outcome. */
    public Duration longestHold() {
        return longestHold;
    }

    /** How many connections there are, in use or not. */
    public int connections() {
        return nodes.values().stream().mapToInt(UpstreamNode::connections).sum();
    }

    /** Where sessions are made whose path names no node. */
    UpstreamNode first() {
        return first;
    }

    @Override
    public void close() {
        nodes.values().forEach(node -> node.logins().close());
        LifeCycle.stop(connector);
    }

    private static final class PromptThreads extends QueuedThreadPool {
        PromptThreads() {
            super(THREADS);
        }

        @Override
        public Thread newThread(Runnable job) {
            return new PromptThread(job);
        }
    }
}
