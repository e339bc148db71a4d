package org.channelgateway.interop;

import java.util.Objects;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.StanzaCollector;
import org.jivesoftware.smack.filter.StanzaFilter;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smackx.iqregister.packet.Registration;

/**
 * A connection over TCP whose in-band registration (XEP-0077) is the gateway's HTTP API: the gateway has none, and the framework
 * knows no other way to accounts.
 */
public final class RegisteringConnection extends XMPPTCPConnection {
    public RegisteringConnection(XMPPTCPConnectionConfiguration configuration) {
        super(configuration);
    }

    @Override
    public StanzaCollector createStanzaCollectorAndSend(StanzaFilter filter, Stanza request)
            throws NotConnectedException, InterruptedException {
        if (!(request instanceof Registration registration)) {
            return super.createStanzaCollectorAndSend(filter, request);
        }
        StanzaCollector collector = createStanzaCollector(
                StanzaCollector.newConfiguration().setStanzaFilter(filter).setRequest(request));
        processStanza(answer(registration));
        return collector;
    }

    private static IQ answer(Registration registration) {
        if (registration.getType() == IQ.Type.get) {
            Registration form = new Registration();
            form.setType(IQ.Type.result);
            form.setStanzaId(registration.getStanzaId());
            return form;
        }
        String name = registration.getAttributes().get("username");
        if (name != null) { // otherwise the account is removed; it goes with the gateway
            Accounts.register(Objects.requireNonNull(Sinttest.gateway()), name);
        }
        return IQ.createResultIQ(registration);
    }
}
