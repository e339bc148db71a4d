package org.channelgateway.it;

/** {@link LoginContract} over BOSH. */
final class BoshLoginIT extends LoginContract {
    BoshLoginIT() {
        super(WireClient.Transport.BOSH);
    }
}
