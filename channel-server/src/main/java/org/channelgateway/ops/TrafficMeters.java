package org.channelgateway.ops;

import org.channelgateway.stats.Traffic;

/** Sessions and what passes through them. */
final class TrafficMeters {
    private static final String SESSIONS = "Sessions, by transport; bound ones have logged in";
    private static final String POLLS = "BOSH requests that wait for a message";
    private static final String STANZAS = "Stanzas that wait for a poll or a socket";
    private static final String BYTES = "Bytes of the stanzas that wait";
    private static final String DELIVERIES = "Messages handed to a session, or refused because it was over or full";
    private static final String SLOW = "Sessions that were ended because their client did not read";

    private TrafficMeters() {}

    static void register(Meters meters, Observed observed) {
        Traffic traffic = observed.traffic();
        meters.gauge(
                "gateway.subscribed.sessions",
                "Sessions that receive the messages of a key; with another XMPP server those of all gateways, NaN while not known",
                now -> observed.subscribed().getAsDouble());
        Observed.Clients clients = observed.clients();
        if (clients != null) {
            sessions(meters, clients);
        }
        Observed.Remote remote = observed.remote();
        if (remote != null) {
            remote(meters, remote);
        }
        for (String door : Traffic.DOORS) {
            meters.counter(
                    "gateway.connects",
                    "Clients that logged in, by the door they came in by",
                    () -> traffic.connects(door),
                    "door",
                    door);
        }
        meters.counter("gateway.publishes", "Messages that were accepted, repeats left out", traffic::publishes);
        meters.counter("gateway.deliveries", DELIVERIES, traffic::handed, "result", "handed");
        meters.counter("gateway.deliveries", DELIVERIES, traffic::refused, "result", "refused");
        meters.registry()
                .getPrometheusRegistry()
                .register(new DeliveryHistogram(
                        "gateway_publish_to_write_seconds",
                        "From the acceptance of a message until it was written to a client",
                        traffic.deliveryTimes()));
    }

    private static void remote(Meters meters, Observed.Remote remote) {
        meters.gauge("gateway.held.polls", POLLS, now -> remote.heldPolls().getAsInt());
        meters.gauge(
                "gateway.polling.sessions",
                "Sessions that have a poll here which waits at another XMPP server",
                now -> remote.sessions().getAsInt());
        meters.gauge(
                "gateway.upstream.connections",
                "Connections to another XMPP server for polls",
                now -> remote.connections().getAsInt());
        meters.gauge(
                "gateway.component.waiting.bytes",
                "Bytes of messages that the stream to another XMPP server has not taken",
                now -> remote.waitingBytes().getAsLong());
        meters.gauge(
                "gateway.component.up",
                "1 when the channel service is attached to another XMPP server",
                now -> remote.isAttached().getAsBoolean() ? 1 : 0);
    }

    private static void sessions(Meters meters, Observed.Clients clients) {
        meters.counter("gateway.slow.consumers", SLOW, () -> clients.bosh().slowConsumers(), "transport", "bosh");
        meters.counter("gateway.slow.consumers", SLOW, () -> clients.c2s().slowConsumers(), "transport", "tcp");
        meters.gauge(
                "gateway.sessions",
                SESSIONS,
                now -> now.ofClients().boshBound(),
                "transport",
                "bosh",
                "state",
                "bound");
        meters.gauge(
                "gateway.sessions",
                SESSIONS,
                now -> Math.max(
                        0, now.ofClients().bosh().sessions() - now.ofClients().boshBound()),
                "transport",
                "bosh",
                "state",
                "unbound");
        meters.gauge(
                "gateway.sessions", SESSIONS, now -> now.ofClients().tcpBound(), "transport", "tcp", "state", "bound");
        meters.gauge(
                "gateway.sessions",
                SESSIONS,
                now -> Math.max(
                        0, now.ofClients().tcp().sessions() - now.ofClients().tcpBound()),
                "transport",
                "tcp",
                "state",
                "unbound");
        meters.gauge("gateway.sessions", SESSIONS, now -> clients.dev().count(), "transport", "dev", "state", "bound");
        meters.gauge("gateway.held.polls", POLLS, now -> now.ofClients().bosh().heldPolls());
        meters.gauge(
                "gateway.paused.sessions",
                "BOSH sessions whose client said that it will send nothing for a while",
                now -> now.ofClients().bosh().paused());
        meters.gauge(
                "gateway.waiting.stanzas",
                STANZAS,
                now -> now.ofClients().bosh().waitingStanzas(),
                "transport",
                "bosh");
        meters.gauge(
                "gateway.waiting.stanzas", STANZAS, now -> now.ofClients().tcp().waitingStanzas(), "transport", "tcp");
        meters.gauge(
                "gateway.waiting.bytes", BYTES, now -> now.ofClients().bosh().waitingBytes(), "transport", "bosh");
        meters.gauge(
                "gateway.waiting.bytes", BYTES, now -> now.ofClients().tcp().waitingBytes(), "transport", "tcp");
    }
}
