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

/** Every account has a roster, and it is empty. */
final class EmptyRosterDictionary extends NamespaceHandlerDictionary {
    EmptyRosterDictionary() {
        super(Namespaces.ROSTER);
        register(new EmptyRosterHandler());
        seal();
    }

    private static final class EmptyRosterHandler extends DefaultIQHandler {
        @Override
        protected boolean verifyNamespace(Stanza stanza) {
            return verifyInnerNamespace(stanza, Namespaces.ROSTER);
        }

        @Override
        protected boolean verifyInnerElement(Stanza stanza) {
            return verifyInnerElementWorker(stanza, "query");
        }

        @Override
        protected Stanza handleGet(IQStanza stanza, ServerRuntimeContext server, SessionContext session) {
            return StanzaBuilder.createIQStanza(null, null, IQStanzaType.RESULT, stanza.getID())
                    .startInnerElement("query", Namespaces.ROSTER)
                    .endInnerElement()
                    .build();
        }

        @Override
        protected Stanza handleSet(IQStanza stanza, ServerRuntimeContext server, SessionContext session) {
            return ServerErrorResponses.getStanzaError(
                    StanzaErrorCondition.SERVICE_UNAVAILABLE, stanza, StanzaErrorType.CANCEL, null, null, null);
        }
    }
}
