package org.channelgateway.api.xmpp;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.ChannelState;
import org.channelgateway.channel.Publication;
import org.channelgateway.channel.Published;
import org.channelgateway.channel.RefusedException;
import org.channelgateway.channel.Times;
import org.channelgateway.registry.IssuedLease;
import org.channelgateway.registry.RegistryException;
import org.channelgateway.stream.StanzaError;
import org.channelgateway.stream.Stanzas;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the IQs to {@code channel.DOMAIN}: create, publish, revoke and get, for applications; disco and ping for everyone.
 * Publishes are done in the caller's thread and so in the order in which a client sent them. Thread-safe.
 */
public final class ChannelIqs {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelIqs.class);
    private static final String PING = "urn:xmpp:ping";

    /** Requests that wait for the disk and are done beside the caller's thread; more are done in it, which slows who sends. */
    private static final int MAX_ASIDE = 32;

    private final ChannelService channels;
    private final Executor executor;
    private final Semaphore aside = new Semaphore(MAX_ASIDE);

    /** @param executor for what waits for the disk */
    public ChannelIqs(ChannelService channels, Executor executor) {
        this.channels = channels;
        this.executor = executor;
    }

    /**
     * Answers a request, now or from another thread.
     *
     * @param app who asks; null for a subscriber
     * @param iq a request with an id and one element in it (RFC 6120 §8.2.3)
     * @param reply takes the answer, without addresses
     */
    public void answer(@Nullable String app, XmlElement iq, Consumer<XmlElement> reply) {
        XmlElement request = iq.elements().get(0);
        if (app == null || !request.is(Commands.NAMESPACE, "create")) {
            reply.accept(answer(app, iq, request));
        } else if (aside.tryAcquire()) {
            aside(() -> reply.accept(answer(app, iq, request)));
        } else {
            reply.accept(answer(app, iq, request));
        }
    }

    private void aside(Runnable step) {
        Runnable released = () -> {
            try {
                step.run();
            } finally {
                aside.release();
            }
        };
        try {
            executor.execute(released);
        } catch (RejectedExecutionException e) { // stopping
            released.run();
        }
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
            return refusal(e).answering(iq);
        } catch (RegistryException e) {
            LOG.error("the registry failed", e);
            return new StanzaError("wait", "internal-server-error", "the registry cannot be reached now").answering(iq);
        } catch (RuntimeException e) {
            LOG.error("a request could not be answered", e);
            return new StanzaError("cancel", "internal-server-error", "the gateway failed; its log says why")
                    .answering(iq);
        }
    }

    private static StanzaError refusal(RefusedException e) {
        String text = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case INVALID, TOO_LARGE -> new StanzaError("modify", "bad-request", text);
            case NOT_FOUND -> new StanzaError("cancel", "item-not-found", text);
            case TOO_MANY -> new StanzaError("wait", "resource-constraint", text);
        };
    }

    private XmlElement command(@Nullable String app, XmlElement iq, XmlElement request) {
        if (app == null) {
            return new StanzaError("cancel", "not-allowed", "only applications may do this").answering(iq);
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
            return new StanzaError("modify", "bad-request", e.getMessage()).answering(iq);
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
