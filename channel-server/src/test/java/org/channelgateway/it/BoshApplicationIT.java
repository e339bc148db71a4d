package org.channelgateway.it;

/** {@link ApplicationContract} over BOSH. */
final class BoshApplicationIT extends ApplicationContract {
    BoshApplicationIT() {
        super(WireClient.Transport.BOSH);
    }
}
