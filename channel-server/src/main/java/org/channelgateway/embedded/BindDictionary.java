package org.channelgateway.embedded;

import org.apache.vysper.xmpp.modules.core.base.handler.DefaultIQHandler;
import org.apache.vysper.xmpp.protocol.NamespaceHandlerDictionary;
import org.apache.vysper.xmpp.server.ServerRuntimeContext;
import org.apache.vysper.xmpp.server.SessionContext;
import org.apache.vysper.xmpp.server.response.ServerErrorResponses;
import org.apache.vysper.xmpp.stanza.IQStanza;
import org.apache.vysper.xmpp.stanza.IQStanzaType;
import org.apache.vysper.xmpp.stanza.Stanza;
import org.apache.vysper.xmpp.stanza.StanzaBuilder;
import org.apache.vysper.xmpp.stanza.StanzaErrorCondition;
import org.apache.vysper.xmpp.stanza.StanzaErrorType;
import org.apache.vysper.xmpp.state.resourcebinding.BindException;

/** Binds a resource; Vysper's own handler would write its name by way of stringprep. */
final class BindDictionary extends NamespaceHandlerDictionary {
    BindDictionary() {
        super(Namespaces.BIND);
        register(new BindHandler());
        seal();
    }

    private static final class BindHandler extends DefaultIQHandler {
        @Override
        protected boolean verifyNamespace(Stanza stanza) {
            return verifyInnerNamespace(stanza, Namespaces.BIND);
        }

        @Override
        protected boolean verifyInnerElement(Stanza stanza) {
            return verifyInnerElementWorker(stanza, "bind");
        }

        @Override
        protected Stanza handleSet(IQStanza stanza, ServerRuntimeContext server, SessionContext session) {
            try {
                String resource = session.bindResource();
                return StanzaBuilder.createIQStanza(null, null, IQStanzaType.RESULT, stanza.getID())
                        .startInnerElement("bind", Namespaces.BIND)
                        .startInnerElement("jid", Namespaces.BIND)
                        .addText(session.getInitiatingEntity().getFullQualifiedName() + "/" + resource)
                        .endInnerElement()
                        .endInnerElement()
                        .build();
            } catch (BindException e) { // it has one (RFC 6120 §7.6)
                return ServerErrorResponses.getStanzaError(
                        StanzaErrorCondition.NOT_ALLOWED, stanza, StanzaErrorType.CANCEL, null, null, null);
            }
        }
    }
}
