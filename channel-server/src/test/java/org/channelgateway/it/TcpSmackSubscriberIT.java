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
            StreamError told = e.getStreamError();
            if (System.getProperty(GatewayFixture.KIND, "embedded")
                    .equals("cluster")) { // ejabberd has words of its own
                assertThat(told.getCondition()).isEqualTo(StreamError.Condition.policy_violation);
            } else {
                assertThat(told.getCondition()).isEqualTo(StreamError.Condition.not_authorized);
                assertThat(told.getDescriptiveText()).isEqualTo(why);
            }
        });
    }
}
