package org.channelgateway.api;

import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.StanzaError;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request of the gateway: a ping has a result (XEP-0199 §4.1), all else is no service of a client (RFC 6120
 * §8.4). Without what was asked: Smack's own error would repeat it as broken XML.
 */
final class ReplyIq extends IQ {
    ReplyIq(IQ asked) {
        super((String) null, null);
        setStanzaId(asked.getStanzaId());
        setTo(asked.getFrom());
        if (PingIq.is(asked)) {
            setType(Type.result);
        } else {
            setType(Type.error);
            setError(StanzaError.getBuilder(StanzaError.Condition.service_unavailable)
                    .build());
        }
    }

    @Override
    protected @Nullable IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
        return null;
    }
}
