package org.channelgateway.api.xmpp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.ChannelState;
import org.channelgateway.channel.Publication;
import org.channelgateway.channel.Published;
import org.channelgateway.channel.RefusedException;
import org.channelgateway.channel.Times;
import org.channelgateway.registry.Attempt;
import org.channelgateway.registry.IssuedLease;
import org.channelgateway.registry.RegistryException;
import org.channelgateway.registry.Token;
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
    private static final StanzaError UNKNOWN = new StanzaError(
            "cancel",
            "service-unavailable",
            "iq: its namespace is not known here (expected: " + Commands.NAMESPACE + ", disco or ping)");

    private final ChannelService channels;
    private final Creates creates;
    private final RefusalCounts refusals;
    private final RegistryOutage outage;

    /** @param ticker nano time */
    public ChannelIqs(ChannelService channels, RefusalCounts refusals, LongSupplier ticker) {
        this.channels = channels;
        this.creates = new Creates(channels);
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
        return app != null && isCreate(iq)
                ? answerCreates(app, List.of(iq)).get(0)
                : answer(app, iq, new ArrayList<>());
    }

    /**
     * The answer to a request.
     *
     * @param sent what was published by it
     */
    public record Answer(XmlElement stanza, List<Publication> sent) {}

    /** Answers a request of an application that is no {@link #isCreate create}; {@link #whenRead} says when to send it. */
    public Answer ask(String app, XmlElement iq) {
        List<Publication> sent = new ArrayList<>(1);
        return new Answer(answer(app, iq, sent), sent);
    }

    private XmlElement answer(@Nullable String app, XmlElement iq, List<Publication> sent) {
        XmlElement request = iq.elements().get(0);
        return answering(iq, () -> switch (request.namespace()) {
            case Commands.NAMESPACE -> command(app, iq, request, sent);
            case Disco.INFO, Disco.ITEMS -> Disco.ofService(iq);
            case PING -> ping(iq, request);
            default -> UNKNOWN.answering(iq);
        });
    }

    /** Runs {@code reply} when the answer may be sent: that to a publish may have to wait for slow subscribers. */
    public void whenRead(String app, Answer answer, Runnable reply) {
        channels.whenRead(app, answer.sent, reply);
    }

    /** XEP-0199 §4.3. */
    private static XmlElement ping(XmlElement iq, XmlElement request) {
        if (!"get".equals(iq.attribute("type")) || !request.name().equals("ping")) {
            throw new BadCommandException("ping: not one (expected: a get with an element ping)");
        }
        return Stanzas.result(iq);
    }

    /** True for what {@link #answerCreates} takes. */
    public static boolean isCreate(XmlElement iq) {
        return iq.elements().get(0).is(Commands.NAMESPACE, Creates.NAME);
    }

    /** True for a request that the registry is asked for: a publish only where a token stands for the key. */
    public static boolean asksRegistry(XmlElement iq) {
        XmlElement request = iq.elements().get(0);
        String key = request.attribute("key");
        return request.namespace().equals(Commands.NAMESPACE)
                && (!request.name().equals(Commands.PUBLISH)
                        || (key != null && Token.parse(key).isPresent()));
    }

    /** Answers requests to create that came together, each as {@link #answer} does; they are written together. */
    public List<XmlElement> answerCreates(String app, List<XmlElement> iqs) {
        if (outage.isOn()) {
            return iqs.stream().map(iq -> refused(iq, AWAY)).toList();
        }
        List<Attempt<IssuedLease>> made = make(app, iqs);
        List<XmlElement> answers = new ArrayList<>(iqs.size());
        for (int i = 0; i < iqs.size(); i++) {
            XmlElement iq = iqs.get(i);
            Attempt<IssuedLease> one = made.get(i);
            answers.add(answering(iq, () -> creates.answer(iq, one.get())));
        }
        return answers;
    }

    private List<Attempt<IssuedLease>> make(String app, List<XmlElement> iqs) {
        try {
            return creates.make(app, iqs);
        } catch (RuntimeException e) { // each is told
            return Collections.nCopies(iqs.size(), Attempt.refused(e));
        }
    }

    private XmlElement answering(XmlElement iq, Supplier<XmlElement> answer) {
        try {
            return answer.get();
        } catch (BadCommandException e) {
            return refused(iq, new StanzaError("modify", "bad-request", String.valueOf(e.getMessage())));
        } catch (RefusedException e) {
            return refused(iq, e);
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

    private XmlElement refused(XmlElement iq, RefusedException why) {
        refusals.add(DOOR, why.reason());
        return refusal(why).answering(iq);
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
            case TOO_MANY, OVERLOADED, STOPPING -> new StanzaError("wait", "resource-constraint", text);
            case UNREACHABLE -> new StanzaError("wait", "internal-server-error", text); // it may be half done
        };
    }

    private XmlElement command(@Nullable String app, XmlElement iq, XmlElement request, List<Publication> sent) {
        if (app == null) {
            return refused(iq, new StanzaError("cancel", "not-allowed", "only applications may do this"));
        }
        if (outage.isOn() && asksRegistry(iq)) {
            return refused(iq, AWAY);
        }
        Commands.checkType(iq, request);
        return switch (request.name()) {
            case Commands.PUBLISH -> publish(app, iq, request, sent);
            case "revoke" -> revoke(app, iq, request);
            default -> get(app, iq, request);
        };
    }

    private XmlElement publish(String app, XmlElement iq, XmlElement request, List<Publication> sent) {
        Commands.checkAttributes(request, Set.of("key", "id"));
        Publication publication = channels.publicationToKeyOrToken(app, Commands.text(request, "key"), request.text());
        Published published = channels.publish(app, List.of(publication), request.attribute("id"))
                .get(0);
        sent.add(publication);
        return Stanzas.result(
                iq,
                Commands.element(
                        "published", "id", published.id(), "receivers", Integer.toString(published.receivers())));
    }

    private XmlElement revoke(String app, XmlElement iq, XmlElement request) {
        Commands.checkAttributes(request, Set.of("key", "token"));
        String token = request.attribute("token");
        if ((token == null) == (request.attribute("key") == null)) {
            throw new BadCommandException("revoke: no key and no token, or both (expected: one of them)");
        }
        if (token == null) {
            channels.revoke(app, key(app, request));
        } else {
            channels.revokeToken(app, token);
        }
        return Stanzas.result(iq);
    }

    /** A token may stand for it. */
    private String key(String app, XmlElement request) {
        return channels.keyOf(app, Commands.text(request, "key"));
    }

    private XmlElement get(String app, XmlElement iq, XmlElement request) {
        Commands.checkAttributes(request, Set.of("key"));
        ChannelState state = channels.look(app, key(app, request));
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
