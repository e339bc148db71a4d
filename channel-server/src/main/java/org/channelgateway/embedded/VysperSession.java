package org.channelgateway.embedded;

import java.util.function.BiConsumer;
import org.apache.vysper.xmpp.protocol.SessionStateHolder;
import org.apache.vysper.xmpp.server.AbstractSessionContext;
import org.apache.vysper.xmpp.server.SessionState;
import org.apache.vysper.xmpp.stanza.Stanza;
import org.apache.vysper.xmpp.state.resourcebinding.BindException;
import org.apache.vysper.xmpp.writer.StanzaWriter;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;

/** An authenticated session as Vysper sees it. Confined to the thread that hands up the stanzas of its client. */
final class VysperSession extends AbstractSessionContext implements StanzaWriter {
    private final BiConsumer<XmlElement, @Nullable String> answers;
    private final SessionStateHolder state;
    private @Nullable String resource;
    /** The address that the stanza being processed was sent to. */
    private @Nullable String asked;

    /** @param answers takes what Vysper answers, and the address that was asked */
    VysperSession(VysperServer server, String localpart, BiConsumer<XmlElement, @Nullable String> answers) {
        this(server, localpart, answers, new SessionStateHolder());
    }

    private VysperSession(
            VysperServer server,
            String localpart,
            BiConsumer<XmlElement, @Nullable String> answers,
            SessionStateHolder state) {
        super(server, state);
        this.answers = answers;
        this.state = state;
        setInitiatingEntity(new LocalJid(localpart, server.getServerEnitity().getDomain(), null));
        state.setState(SessionState.AUTHENTICATED);
    }

    /** @param to the address that {@code stanza} was sent to; null for the server */
    void process(XmlElement stanza, @Nullable String to) {
        asked = to;
        serverRuntimeContext
                .getStanzaProcessor()
                .processStanza(serverRuntimeContext, this, VysperXml.stanza(stanza), state);
    }

    /** Binds the one resource that a session may have; the server chooses its name (RFC 6120 §7.6). */
    @Override
    public String bindResource() throws BindException {
        if (resource != null) {
            throw new BindException();
        }
        resource = super.bindResource();
        return resource;
    }

    /** Null until a resource is bound. */
    @Nullable
    String resource() {
        return resource;
    }

    /** Takes the session out of Vysper. */
    void unbind() {
        serverRuntimeContext.getResourceRegistry().unbindSession(this);
        state.setState(SessionState.CLOSED);
    }

    @Override
    public StanzaWriter getResponseWriter() {
        return this;
    }

    @Override
    public void write(Stanza stanza) {
        answers.accept(VysperXml.element(stanza), asked);
    }

    @Override
    public void close() {
        // the transport is closed by the session above, which hears of every answer
    }

    @Override
    public void switchToTLS(boolean delayed, boolean clientTls) {
        throw new UnsupportedOperationException("TLS is not Vysper's here");
    }

    @Override
    public void setIsReopeningXMLStream() {
        throw new UnsupportedOperationException("streams are not Vysper's here");
    }
}
