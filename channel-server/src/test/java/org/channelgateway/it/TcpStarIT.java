package org.channelgateway.it;

/** {@link StarContract} over TCP. */
final class TcpStarIT extends StarContract {
    TcpStarIT() {
        super(WireClient.Transport.TCP);
    }
}
