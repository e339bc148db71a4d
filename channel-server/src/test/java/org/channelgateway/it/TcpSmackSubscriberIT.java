package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.jivesoftware.smack.XMPPException.StreamErrorException;
import org.jivesoftware.smack.packet.StreamError;

/** {@link SmackSubscriberContract} over TCP. */
final class TcpSmackSubscriberIT extends SmackSubscriberContract {
    TcpSmackSubscriberIT() {
        super(SmackSubscriber.Transport.TCP);
    }

    @Override
    void isTold(Exception end, String why) {
        assertThat(end).isInstanceOfSatisfying(StreamErrorException.class, e -> {
            assertThat(e.getStreamError().getCondition()).isEqualTo(StreamError.Condition.not_authorized);
            assertThat(e.getStreamError().getDescriptiveText()).isEqualTo(why);
        });
    }
}
