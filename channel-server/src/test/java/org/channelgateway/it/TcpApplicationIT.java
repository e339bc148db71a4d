package org.channelgateway.it;

/** {@link ApplicationContract} over TCP. */
final class TcpApplicationIT extends ApplicationContract {
    TcpApplicationIT() {
        super(WireClient.Transport.TCP);
    }
}
