package org.channelgateway.config;

import java.time.Duration;
import org.channelgateway.channel.ChannelLimits;
import org.channelgateway.http.HttpLimits;
import org.channelgateway.limit.BatchLimits;
import org.channelgateway.limit.PlaceLimits;
import org.channelgateway.limit.StanzaLimits;

/**
 * What clients and applications may cost.
 *
 * @param http of one HTTP connection, and of all
 * @param c2s of connections over TCP
 * @param bosh of sessions over BOSH
 * @param stanzas of one stanza or BOSH body
 * @param channels of applications and their subscribers
 * @param callbacksPerApp how many callbacks of an application may wait or have failed
 * @param sessionsPerSecond how many new ones each of the doors (connect, BOSH, TCP) lets in
 * @param sessionsAtOnce how many threads at once make sessions for connect
 * @param waitingBytes how much may wait for all clients together
 * @param applicationTime how long the application behind the gateway may take to begin an answer
 * @param headerBytes longest request line and headers
 * @param batches of one request that sends to many keys
 * @param bindTime longest time from the beginning of a session to its login and bind
 */
public record Limits(
        HttpLimits http,
        PlaceLimits c2s,
        PlaceLimits bosh,
        StanzaLimits stanzas,
        ChannelLimits channels,
        int callbacksPerApp,
        int sessionsPerSecond,
        int sessionsAtOnce,
        int waitingBytes,
        int headerBytes,
        BatchLimits batches,
        Duration bindTime,
        Duration applicationTime) {}
