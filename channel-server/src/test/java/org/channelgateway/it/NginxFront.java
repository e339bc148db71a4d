package org.channelgateway.it;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.channelgateway.nginx.NginxProcess;
import org.channelgateway.server.Census;

/** A gateway behind nginx, which browsers reach over TLS and applications at the address for them. */
final class NginxFront implements GatewayFixture {
    private final GatewayFixture gateway;
    private final NginxProcess nginx;
    private final ChannelApi api;
    private final ChannelApi neighbour;

    NginxFront(GatewayFixture gateway) {
        this(gateway, "embedded", gateway.uri());
    }

    /** Both of its gateways behind one nginx. */
    static NginxFront of(ClusterGateway cluster) {
        return new NginxFront(cluster, "cluster", cluster.uri(), cluster.other());
    }

    private NginxFront(GatewayFixture gateway, String template, URI... behind) {
        this.gateway = gateway;
        nginx = new NginxProcess(template, Map.of("NGINX_EXEMPT", "127.0.0.1"), behind);
        api = new ChannelApi(nginx.inside(), gateway.api().secret());
        neighbour = new ChannelApi(nginx.inside(), gateway.neighbour().secret());
    }

    /** What is in front. */
    NginxProcess nginx() {
        return nginx;
    }

    @Override
    public URI uri() {
        return nginx.uri();
    }

    @Override
    public URI behind() {
        return gateway.uri();
    }

    @Override
    public List<URI> all() {
        return gateway.all();
    }

    @Override
    public InetSocketAddress xmpp() {
        return gateway.xmpp();
    }

    @Override
    public ChannelApi api() {
        return api;
    }

    @Override
    public ChannelApi neighbour() {
        return neighbour;
    }

    @Override
    public MovableClock clock() {
        return gateway.clock();
    }

    @Override
    public Instant now() {
        return gateway.now();
    }

    @Override
    public Census census() {
        return gateway.census();
    }

    @Override
    public Path data() {
        return gateway.data();
    }

    @Override
    public int rows(String table) {
        return gateway.rows(table);
    }

    @Override
    public void sweep() {
        gateway.sweep();
    }

    @Override
    public void stop() {
        gateway.stop();
    }

    @Override
    public void restart() {
        gateway.restart();
    }

    @Override
    public void close() {
        nginx.close();
        gateway.close();
    }
}
