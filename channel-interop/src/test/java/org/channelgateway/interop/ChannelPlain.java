package org.channelgateway.interop;

import org.channelgateway.interop.GatewayProcess.Channel;
import org.jivesoftware.smack.sasl.javax.SASLPlainMechanism;
import org.jivesoftware.smack.sasl.javax.SmackJavaxSaslException;

/** SASL PLAIN with what the accounts of the framework stand for. */
final class ChannelPlain extends SASLPlainMechanism {
    private static final int BEFORE_ALL_OTHERS = 1;

    @Override
    protected void authenticateInternal() throws SmackJavaxSaslException {
        Channel channel = Accounts.channel(authenticationId, password);
        authenticationId = channel.localpart();
        password = channel.token();
        super.authenticateInternal();
    }

    @Override
    public int getPriority() {
        return BEFORE_ALL_OTHERS;
    }

    @Override
    public ChannelPlain newInstance() {
        return new ChannelPlain();
    }
}
