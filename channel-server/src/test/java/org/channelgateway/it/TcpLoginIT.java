package org.channelgateway.it;

/** {@link LoginContract} over TCP. */
final class TcpLoginIT extends LoginContract {
    TcpLoginIT() {
        super(WireClient.Transport.TCP);
    }
}
