package org.channelgateway.api.xmpp;

import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.ChannelState;
import org.channelgateway.channel.Publication;
import org.channelgateway.channel.Published;
import org.channelgateway.channel.RefusedException;
import org.channelgateway.channel.Times;
import org.channelgateway.registry.IssuedLease;
import org.channelgateway.registry.RegistryException;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stream.StanzaError;
import org.channelgateway.stream.Stanzas;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the IQs to {@code channel.DOMAIN}: create, publish, revoke and get, for applications; disco and ping for everyone.
 * All is done in the caller's thread, and so in the order in which a client sent it (RFC 6120 §10.1). Thread-safe.
 */
public final class ChannelIqs {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelIqs.class);
    private static final String DOOR = "api";
    private static final String PING = "urn:xmpp:ping";
    private static final StanzaError AWAY =
            new StanzaError("wait", "resource-constraint", "the registry cannot be reached now");

    private final ChannelService channels;
    private final RefusalCounts refusals;
    private final RegistryOutage outage;

    /** @param ticker nano time */
    public ChannelIqs(ChannelService channels, RefusalCounts refusals, LongSupplier ticker) {
        this.channels = channels;
        this.refusals = refusals;
        this.outage = new RegistryOutage(ticker);
    }

    /**
     * Answers a request.
     *
     * @param app who asks; null for a subscriber
     * @param iq a request with an id and one element in it (RFC 6120 §8.2.3)
     * @return the answer, without addresses
     */
    public XmlElement answer(@Nullable String app, XmlElement iq) {
        return answer(app, iq, iq.elements().get(0));
    }

    private XmlElement answer(@Nullable String app, XmlElement iq, XmlElement request) {
        try {
            return switch (request.namespace()) {
                case Commands.NAMESPACE -> command(app, iq, request);
                case Disco.INFO, Disco.ITEMS -> Disco.answer(iq, request);
                case PING -> Stanzas.result(iq);
                default -> new StanzaError("cancel", "service-unavailable").answering(iq);
            };
        } catch (RefusedException e) {
            refusals.add(DOOR, e.reason());
            return refusal(e).answering(iq);
        } catch (RegistryException e) {
            if (outage.begins()) {
                LOG.error("the registry failed", e);
            }
            return refused(iq, AWAY);
        } catch (RuntimeException e) {
            LOG.error("a request could not be answered", e);
            return refused(
                    iq, new StanzaError("wait", "internal-server-error", "the gateway failed; its log says why"));
        }
    }

    private XmlElement refused(XmlElement iq, StanzaError error) {
        refusals.add(DOOR, error.condition());
        return error.answering(iq);
    }

    private static StanzaError refusal(RefusedException e) {
        String text = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case INVALID, TOO_LARGE -> new StanzaError("modify", "bad-request", text);
            case NOT_FOUND -> new StanzaError("cancel", "item-not-found", text);
            case TOO_MANY, OVERLOADED, STOPPING, UNREACHABLE -> new StanzaError("wait", "resource-constraint", text);
        };
    }

    private XmlElement command(@Nullable String app, XmlElement iq, XmlElement request) {
        if (app == null) {
            return refused(iq, new StanzaError("cancel", "not-allowed", "only applications may do this"));
        }
        if (outage.isOn()) {
            return refused(iq, AWAY);
        }
        try {
            Commands.checkType(iq, request);
            return switch (request.name()) {
                case "create" -> create(app, iq, request);
                case "publish" -> publish(app, iq, request);
                case "revoke" -> revoke(app, iq, request);
                default -> get(app, iq, request);
            };
        } catch (BadCommandException e) {
            return refused(iq, new StanzaError("modify", "bad-request", e.getMessage()));
        }
    }

    private XmlElement create(String app, XmlElement iq, XmlElement request) throws BadCommandException {
        Commands.checkAttributes(request, Set.of("key", "duration"));
        IssuedLease issued = channels.create(app, Commands.text(request, "key"), Commands.minutes(request));
        return Stanzas.result(
                iq,
                Commands.element(
                        "channel",
                        "token",
                        issued.token().value(),
                        "jid",
                        channels.jid(issued.lease()),
                        "expires",
                        Times.text(issued.lease().expires())));
    }

    private XmlElement publish(String app, XmlElement iq, XmlElement request) throws BadCommandException {
        Commands.checkAttributes(request, Set.of("key", "id"));
        Publication publication = channels.publicationToKeyOrToken(app, Commands.text(request, "key"), request.text());
        Published published = channels.publish(app, List.of(publication), request.attribute("id"))
                .get(0);
        return Stanzas.result(
                iq,
                Commands.element(
                        "published", "id", published.id(), "receivers", Integer.toString(published.receivers())));
    }

    private XmlElement revoke(String app, XmlElement iq, XmlElement request) throws BadCommandException {
        Commands.checkAttributes(request, Set.of("key", "token"));
        if (request.attributes().size() != 1) {
            throw new BadCommandException("revoke: no key and no token, or both (expected: one of them)");
        }
        String token = request.attribute("token");
        if (token == null) {
            channels.revoke(app, Commands.text(request, "key"));
        } else {
            channels.revokeToken(app, token);
        }
        return Stanzas.result(iq);
    }

    private XmlElement get(String app, XmlElement iq, XmlElement request) throws BadCommandException {
        Commands.checkAttributes(request, Set.of("key"));
        ChannelState state = channels.look(app, Commands.text(request, "key"));
        return Stanzas.result(
                iq,
                Commands.element(
                        "state",
                        "key",
                        state.key().text(),
                        "leases",
                        Integer.toString(state.leases()),
                        "subscribers",
                        Integer.toString(state.subscribers()),
                        "expires",
                        Times.text(state.expires())));
    }
}
