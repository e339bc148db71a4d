package org.channelgateway.embedded;

import java.util.List;
import org.apache.vysper.xmpp.addressing.Entity;
import org.apache.vysper.xmpp.delivery.StanzaRelay;
import org.apache.vysper.xmpp.delivery.failure.DeliveryFailureStrategy;
import org.apache.vysper.xmpp.modules.core.session.SessionStanzaDictionary;
import org.apache.vysper.xmpp.modules.extension.xep0119_xmppping.XmppPingModule;
import org.apache.vysper.xmpp.modules.servicediscovery.ServiceDiscoveryModule;
import org.apache.vysper.xmpp.modules.servicediscovery.collection.ServiceDiscoveryRequestListenerRegistry;
import org.apache.vysper.xmpp.modules.servicediscovery.management.Feature;
import org.apache.vysper.xmpp.modules.servicediscovery.management.Identity;
import org.apache.vysper.xmpp.modules.servicediscovery.management.InfoElement;
import org.apache.vysper.xmpp.modules.servicediscovery.management.InfoRequest;
import org.apache.vysper.xmpp.modules.servicediscovery.management.Item;
import org.apache.vysper.xmpp.modules.servicediscovery.management.ServiceDiscoveryRequestException;
import org.apache.vysper.xmpp.protocol.ProtocolWorker;
import org.apache.vysper.xmpp.protocol.StanzaProcessor;
import org.apache.vysper.xmpp.server.DefaultServerRuntimeContext;
import org.apache.vysper.xmpp.server.ServerFeatures;
import org.apache.vysper.xmpp.stanza.Stanza;
import org.apache.vysper.xmpp.stanza.StanzaErrorCondition;

/**
 * The parts of Vysper that the gateway uses: a runtime context that answers bind, session, roster, disco and ping in
 * the thread that asks. No listener, no parser, no thread pool, no federation, no in-band registration.
 */
final class VysperServer extends DefaultServerRuntimeContext {
    private final StanzaProcessor processor = new ProtocolWorker();
    private final SafeResourceRegistry resources;

    VysperServer(String domain, String serviceJid) {
        this(domain, serviceJid, new SafeResourceRegistry());
    }

    private VysperServer(String domain, String serviceJid, SafeResourceRegistry resources) {
        super(
                LocalJid.of(domain),
                new LocalRelay(),
                features(),
                List.of(new BindDictionary(), new SessionStanzaDictionary(), new EmptyRosterDictionary()),
                resources);
        this.resources = resources;
        addModules(List.of(new ServiceDiscoveryModule(), new XmppPingModule()));
        sayWhatItIs(serviceJid);
    }

    /** The identity that an answer to disco#info must have (XEP-0030 §3.1), which Vysper itself does not give; the service. */
    private void sayWhatItIs(String serviceJid) {
        List<InfoElement> identity = List.of(
                new Identity("server", "im", "Channel Gateway"), new Feature("http://jabber.org/protocol/disco#items"));
        List<Item> service = List.of(new Item(LocalJid.of(serviceJid), "Channels", null));
        ServiceDiscoveryRequestListenerRegistry disco =
                (ServiceDiscoveryRequestListenerRegistry) getServerRuntimeContextService(
                        ServiceDiscoveryRequestListenerRegistry.SERVICE_DISCOVERY_REQUEST_LISTENER_REGISTRY);
        disco.addServerInfoRequestListener(request -> withoutNode(request, identity));
        disco.addItemRequestListener(request -> withoutNode(request, service));
    }

    /** There are no nodes (XEP-0030 §7). */
    private static <T> List<T> withoutNode(InfoRequest request, List<T> answer)
            throws ServiceDiscoveryRequestException {
        if (request.getNode() != null) {
            throw new ServiceDiscoveryRequestException(StanzaErrorCondition.ITEM_NOT_FOUND);
        }
        return answer;
    }

    private static ServerFeatures features() {
        ServerFeatures features = new ServerFeatures();
        features.setRelayingToFederationServers(false);
        features.setRelayingMessages(false);
        features.setRelayingPresence(false);
        return features;
    }

    SafeResourceRegistry resources() {
        return resources;
    }

    /** The processor that works in the caller's thread, in order; Vysper's default one queues and reorders. */
    @Override
    public StanzaProcessor getStanzaProcessor() {
        return processor;
    }

    /** Relays nothing: messages reach sessions without Vysper, and no account reaches another. */
    private static final class LocalRelay implements StanzaRelay {
        @Override
        public void relay(Entity receiver, Stanza stanza, DeliveryFailureStrategy failureStrategy) {
            throw new IllegalStateException(
                    "a stanza from one account to another (expected: kept off by ClientFilter)");
        }
    }
}
