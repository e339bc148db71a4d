package org.channelgateway.interop;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.channelgateway.interop.GatewayProcess.Channel;

/**
 * The accounts of a run. The framework names the accounts it wants, while the gateway names those it makes: each name of the
 * framework stands for a channel. Thread-safe.
 */
final class Accounts {
    private static final Map<String, Channel> CHANNELS = new ConcurrentHashMap<>();

    private Accounts() {}

    /** Makes a channel whose key is the name, too. */
    static void register(GatewayProcess gateway, String name) {
        CHANNELS.put(name, gateway.create(name));
    }

    /** The channel that {@code name} stands for; the name and the password as they are when it was never registered. */
    static Channel channel(String name, String password) {
        return CHANNELS.getOrDefault(name, new Channel(name, password));
    }

    /** The key of the channel whose account has this localpart. */
    static String key(String localpart) {
        return CHANNELS.entrySet().stream()
                .filter(channel -> channel.getValue().localpart().equals(localpart))
                .map(Map.Entry::getKey)
                .findAny()
                .orElseThrow();
    }
}
