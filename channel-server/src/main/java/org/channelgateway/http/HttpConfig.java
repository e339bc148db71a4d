package org.channelgateway.http;

import java.time.Duration;

/**
 * Where and under which limits HTTP is served.
 *
 * @param port 0 picks a free one
 * @param idleTimeout how long a connection may be silent; longer than any poll is held
 * @param headerBytes longest request line and headers
 * @param isShared with an application: paths may be written in any way, and long headers pass in both directions
 * @param proxies who is believed about where a request comes from
 */
public record HttpConfig(
        String host, int port, Duration idleTimeout, int headerBytes, boolean isShared, TrustedProxies proxies) {
    public HttpConfig(String host, int port, Duration idleTimeout, int headerBytes) {
        this(host, port, idleTimeout, headerBytes, false, TrustedProxies.NONE);
    }

    public HttpConfig {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
        }
    }
}
