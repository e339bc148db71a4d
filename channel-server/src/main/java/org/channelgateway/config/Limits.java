package org.channelgateway.config;

import org.channelgateway.channel.ChannelLimits;
import org.channelgateway.http.HttpLimits;
import org.channelgateway.limit.PlaceLimits;

/**
 * What clients and applications may cost.
 *
 * @param http of one HTTP connection, and of all
 * @param c2s of connections over TCP
 * @param bosh of sessions over BOSH
 * @param channels of applications and their subscribers
 * @param callbacksPerApp how many callbacks of an application may wait or have failed
 * @param sessionsPerSecond how many new ones each of the doors (connect, BOSH, TCP) lets in
 * @param sessionsAtOnce how many threads at once make sessions for connect
 * @param waitingBytes how much may wait for all clients together
 */
public record Limits(
        HttpLimits http,
        PlaceLimits c2s,
        PlaceLimits bosh,
        ChannelLimits channels,
        int callbacksPerApp,
        int sessionsPerSecond,
        int sessionsAtOnce,
        int waitingBytes) {}
