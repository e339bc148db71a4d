package org.channelgateway.cluster;

import java.util.List;

/**
 * How nodes find each other, without a port mapper: by addresses of loopback and one port.
 *
 * @param number 1..254, another one for each node; the node is {@code ejabberd@127.0.0.number}
 * @param port free at all their addresses
 * @param cookie what nodes of a cluster have in common
 */
record ErlangDistribution(int number, int port, String cookie) {
    String node() {
        return "ejabberd@127.0.0." + number;
    }

    /** For {@code ejabberdctl.cfg}. */
    String settings() {
        return "ERLANG_NODE=" + node() + "\nERL_DIST_PORT=" + port + "\nERL_OPTIONS=\"-setcookie " + cookie + "\"\n";
    }

    List<String> arguments() {
        return List.of(
                "-name",
                node(),
                "-setcookie",
                cookie,
                "-kernel",
                "inet_dist_use_interface",
                "{127,0,0," + number + "}",
                "-erl_epmd_port",
                String.valueOf(port),
                "-start_epmd",
                "false");
    }
}
